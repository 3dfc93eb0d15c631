// Names on the map: territories first, then neighbours, disputed areas and cities by rank, each in the first place that is in view,
// free, and best off the claims' lines. What finds no place is left out.
import {drawn, node} from "./dom.js";
import {boxAt} from "./room.js";

const GAP = 7;
const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
const NUDGES = [[0, 0], [0, -18], [0, 18], [-24, 0], [24, 0], [0, -34], [0, 34], [-44, 0], [44, 0]];
const ORDER = { focus: 0, neighbour: 1, disputed: 2 };

export function makeLabels(pane, over, layers, data, sizes) {
  const names = [];
  const cities = [];
  for (const { kind, shapes } of layers) {
    if (kind === "labels") {
      for (const { id, role, at } of shapes) {
        const text = role === "disputed" ? data.disputed[id].name : data.territories[id].name;
        const size = role === "disputed" ? null : sizes.get(id);
        const element = node("span", { class: "label away leaflet-zoom-animated " + role, dir: "auto" }, text);
        if (role === "disputed") element.title = data.disputed[id].label;
        names.push({ element, role, at, size });
      }
    } else if (kind === "cities") {
      for (const { id, at, rank, capital } of shapes) {
        const element = node("span", { class: `label away leaflet-zoom-animated city${capital ? " capital" : ""}`, dir: "auto" }, data.cities[id]);
        cities.push({ element, at, rank, capital });
      }
    }
  }
  names.sort((a, b) => ORDER[a.role] - ORDER[b.role]);
  const pins = [...names, ...cities];
  pane.append(...pins.map(({ element }) => element));
  for (const pin of pins) [pin.width, pin.height] = [pin.element.offsetWidth, pin.element.offsetHeight];
  return { names, cities, pins, dots: drawn("path", { class: "dots" }, over), capitals: drawn("path", { class: "dots capital" }, over) };
}

export function placeLabels({ names, cities, pins, dots, capitals }, room, { toPixel, scale, map }) {
  for (const pin of pins) pin.spot = null;
  for (const name of names) placeName(name, room, toPixel, scale());
  const drawnDots = ["", ""];
  const [left, top, right, bottom] = room.view;
  let wanted = Math.round(((right - left) * (bottom - top)) / 16000);
  for (const city of cities) {
    if (!wanted || !isWanted(city, map.getZoom())) continue;
    const dot = toPixel(city.at);
    if (!placeCity(city, dot, room)) continue;
    wanted--;
    drawnDots[city.capital ? 1 : 0] += circle(dot, city.capital ? 2.6 : 1.9);
  }
  dots.setAttribute("d", drawnDots[0]);
  capitals.setAttribute("d", drawnDots[1]);
}

function isWanted({ rank, capital }, zoom) {
  return rank <= (capital ? zoom * 1.5 : zoom * 1.5 - 2);
}

function placeName(name, room, toPixel, scale) {
  const { width, height, role, at, size } = name;
  if (size && role === "neighbour" && size[0] * scale < width * 0.7) return;
  if (size && role === "focus" && Math.max(...size) * scale < 24) return;
  let least = Infinity;
  at.forEach((candidate, order) => {
    const [x, y] = toPixel(candidate);
    NUDGES.forEach(([nudgeX, nudgeY], nudge) => {
      if (nudge && role !== "focus") return;
      if (order * 0.8 + nudge * 0.5 >= least) return;
      const box = boxAt(x + nudgeX, y + nudgeY, width + 4, height);
      if (!room.holds(box, 3) || !room.isFree(box)) return;
      const cost = order * 0.8 + nudge * 0.5 + room.crossings(box);
      if (cost < least) [least, name.spot] = [cost, [x + nudgeX, y + nudgeY]];
    });
  });
  if (name.spot) room.take(boxAt(...name.spot, width + 8, height + 2));
}

function placeCity(city, [x, y], room) {
  const { width, height } = city;
  const dot = boxAt(x, y, 7, 7);
  if (!room.holds(dot, 4) || !room.isFree(dot)) return false;
  let least = Infinity;
  SIDES.forEach(([sideX, sideY], order) => {
    const reach = sideX && sideY ? 0.75 : 1;
    const middleX = x + sideX * (width / 2 + GAP * reach);
    const middleY = y + sideY * (height / 2 + (sideX ? -1 : 4));
    const box = boxAt(middleX, middleY, width + 2, height - 2);
    if (!room.holds(box, 3) || !room.isFree(box)) return;
    const cost = order * 0.5 + room.crossings(box);
    if (cost < least) [least, city.spot] = [cost, [middleX, middleY]];
  });
  if (!city.spot || least > 9) {
    city.spot = null;
    return false;
  }
  room.take(boxAt(...city.spot, width + 4, height));
  room.take(dot);
  return true;
}

function circle([x, y], radius) {
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0-${2 * radius} 0`;
}
