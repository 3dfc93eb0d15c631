// Names on the map: territories first, then neighbours, disputed areas and cities by rank, each in the first place that is in view,
// free, and best off the claims' lines. What finds no place is left out. Names are measured without laying them out, and become
// nodes when they are first shown.
import {drawn, node} from "./dom.js";
import {boxAt} from "./room.js";

const WIDEST = 220;
const LEAST_AREA = { focus: 14, disputed: 24 };
const DENSITY = 16000;
const GAP = 7;
const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
const NUDGES = [[0, 0], [0, -18], [0, 18], [-24, 0], [24, 0], [0, -34], [0, 34], [-44, 0], [44, 0]];
const ABROAD = 4;
const ORDER = { focus: 0, neighbour: 1, disputed: 2 };

export function makeLabels(pane, over, layers, data, { arcs, areas }) {
  // Names without their places say nothing: who hears the page has them in the claims.
  pane.setAttribute("aria-hidden", "true");
  const measure = measurer(pane);
  const named = ({ id, role, at }) => {
    const disputed = role === "disputed";
    const text = disputed ? data.disputed[id].name : data.territories[id].name;
    const area = areas.get(role + id);
    const kinds = [role, ...(role === "focus" ? ["focus compact"] : [])];
    const sizes = kinds.map((kind) => measure(text, kind)).map(({ kind, width, height }) => ({ kind, width, height }));
    return { ...measure(text, role), sizes, title: disputed ? data.disputed[id].label : "", lang: data.lang, id, role, at, area };
  };
  const city = ({ id, capital, ...rest }) => ({ ...measure(data.cities[id], capital ? "city capital" : "city"), capital, ...rest });
  const all = (wanted, make) => layers.filter(({ kind }) => kind === wanted).flatMap(({ shapes }) => shapes.map(make));
  const others = layers.flatMap((layer) => layer.names || []).map(named);
  const names = [...all("labels", named), ...others].sort((a, b) => ORDER[a.role] - ORDER[b.role]);
  const cities = all("cities", city);
  const path = (kind) => drawn("path", { class: kind }, over);
  const drawings = { leaders: path("leader name-leader"), dots: path("dots"), capitals: path("dots capital") };
  return { arcs, pane, names, cities, pins: [...names, ...cities], ...drawings };
}

// Measures a name as its kind of label is set, and gives {text, kind, width, height}.
function measurer(pane) {
  const brush = document.createElement("canvas").getContext("2d");
  const styles = new Map();
  return (text, kind) => {
    if (!styles.has(kind)) {
      const probe = node("span", { class: "label away " + kind });
      pane.append(probe);
      const { font, letterSpacing, fontSize, textTransform } = window.getComputedStyle(probe);
      const upper = textTransform === "uppercase";
      styles.set(kind, { font, upper, spacing: parseFloat(letterSpacing) || 0, height: Math.ceil(parseFloat(fontSize) * 1.2) });
      probe.remove();
    }
    const { font, upper, spacing, height } = styles.get(kind);
    brush.font = font;
    const width = brush.measureText(upper ? text.toLocaleUpperCase() : text).width + spacing * text.length + 5;
    return { text, kind, element: null, spot: null, leader: null, width: Math.min(WIDEST, Math.ceil(width)), height };
  };
}

export function placeLabels({ arcs, pane, names, cities, pins, leaders, dots, capitals }, room, { toPixel, toGrid, scale, map }) {
  for (const pin of pins) pin.spot = pin.leader = null;
  const isInside = ({ area }, spot) => !area || arcs.contains(area.rings, ...toGrid(spot));
  const focus = names.filter(({ role }) => role === "focus");
  const neighbours = names.filter(({ role }) => role === "neighbour");
  const isIn = (others, name, spot) => others.some((other) => other !== name && isInside(other, spot));
  const isElsewhere = (name, spot) => isIn(focus, name, spot);
  const isAbroad = (name, spot) => isIn(neighbours, name, spot);
  const tools = { toPixel, isInside, isElsewhere, isAbroad, scale: scale() };
  // Names leave the dots of cities no room, but marks only take their place.
  for (const city of cities) city.marked = !room.isFree(boxAt(...toPixel(city.at), 7, 7));
  for (const name of names) if (!name.off) placeName(name, room, tools);
  const [left, top, right, bottom] = room.view;
  let wanted = Math.round(((right - left) * (bottom - top)) / DENSITY);
  const paths = ["", ""];
  for (const city of cities) {
    if (!wanted) break;
    if (!isWanted(city, map.getZoom())) continue;
    const dot = toPixel(city.at);
    if (!placeCity(city, dot, room)) continue;
    wanted--;
    paths[city.capital ? 1 : 0] += circle(dot, city.capital ? 2.6 : 1.9);
  }
  dots.setAttribute("d", paths[0]);
  capitals.setAttribute("d", paths[1]);
  leaders.setAttribute("d", names.filter(({ spot, leader }) => spot && leader).map(leaderTo).join(""));
  for (const pin of pins) if (pin.spot) showNode(pane, pin);
}

function showNode(pane, pin) {
  const { kind, text, title, lang } = pin;
  if (!pin.element) {
    pin.element = node("span", { dir: "auto", ...(title && { title }), ...(lang && { lang }) }, text);
    pane.append(pin.element);
  }
  if (pin.shown !== kind) pin.element.className = "label leaflet-zoom-animated " + (pin.shown = kind);
}

function isWanted({ rank, capital, claimed }, zoom) {
  return claimed || rank <= (capital ? zoom * 1.5 : zoom * 1.5 - 2);
}

// A name that has no room inside its territory is set smaller before it leaves it.
function placeName(name, room, tools) {
  const { role, area, sizes } = name;
  const across = area ? area.width * tools.scale : Infinity;
  if (role === "neighbour" && across < sizes[0].width * 0.7) return;
  if (area && role !== "neighbour" && Math.max(area.width, area.height) * tools.scale < LEAST_AREA[role]) return;
  for (const size of sizes) {
    Object.assign(name, size);
    placeInside(name, room, tools);
    if (name.spot) break;
  }
  // There it stays small: a large one would seem to name what it stands on.
  if (!name.spot && role === "focus") placeBeside(name, room, tools);
  if (name.spot) room.take(boxAt(...name.spot, name.width + 6, name.height + 2));
}

function placeInside(name, room, { toPixel, isInside }) {
  const { width, height, role, at } = name;
  const nudges = role === "focus" ? NUDGES : [NUDGES[0]];
  let least = Infinity;
  at.forEach((candidate, order) => {
    const [x, y] = toPixel(candidate);
    nudges.forEach(([nudgeX, nudgeY], nudge) => {
      let cost = order * 0.8 + nudge * 0.5;
      const spot = [x + nudgeX, y + nudgeY];
      const box = boxAt(...spot, width + 2, height);
      if (cost >= least || !room.holds(box, 3) || !room.isFree(box)) return;
      cost += room.crossings(box);
      if (cost >= least) return;
      if (role === "focus") {
        if (nudge && !isInside(name, spot)) return;
        for (const side of [-0.4, 0.4]) if (!isInside(name, [spot[0] + side * width, spot[1]])) cost += 2;
      }
      if (cost < least) [least, name.spot] = [cost, spot];
    });
  });
}

// A territory too small for its name has it beside it, with a leader line, but not inside another one of the project's.
function placeBeside(name, room, { toPixel, isElsewhere, isAbroad }) {
  const { width, height, at } = name;
  const [x, y] = toPixel(at[0]);
  if (!room.holds([x, y, x, y])) return;
  let least = Infinity;
  for (const far of [16, 28, 44]) {
    SIDES.forEach(([sideX, sideY]) => {
      const spot = [x + sideX * (width / 2 + far), y + sideY * (far + height / 2)];
      const box = boxAt(...spot, width + 2, height);
      if (!room.holds(box, 3) || !room.isFree(box) || isElsewhere(name, spot)) return;
      const cost = far / 8 + room.crossings(box) + (isAbroad(name, spot) ? ABROAD : 0);
      if (cost < least) [least, name.spot, name.leader] = [cost, spot, [x, y]];
    });
  }
}

function leaderTo({ spot: [x, y], width, height, leader: [fromX, fromY] }) {
  const toX = Math.max(x - width / 2, Math.min(x + width / 2, fromX));
  const toY = Math.max(y - height / 2, Math.min(y + height / 2, fromY));
  return `M${fromX.toFixed(1)} ${fromY.toFixed(1)}L${toX.toFixed(1)} ${toY.toFixed(1)}`;
}

function placeCity(city, [x, y], room) {
  const { width, height, marked } = city;
  const dot = boxAt(x, y, 7, 7);
  // A capital, and a place that a claim names, keep their name beside a mark.
  const kept = city.claimed || (city.capital && marked);
  if (!room.holds(dot, 4) || (!kept && !room.isFree(dot))) return false;
  const gap = marked ? GAP + 9 : GAP;
  let least = Infinity;
  SIDES.forEach(([sideX, sideY], order) => {
    const reach = sideX && sideY ? 0.75 : 1;
    const spot = [x + sideX * (width / 2 + gap * reach - 2), y + sideY * (height / 2 + (sideX ? -1 : 4))];
    const box = boxAt(...spot, width, height - 2);
    if (!room.holds(box, 3) || !room.isFree(box)) return;
    const cost = order * 0.5 + room.crossings(box);
    if (cost < least) [least, city.spot] = [cost, spot];
  });
  if (least > (kept ? 9 : 5)) {
    city.spot = null;
    return false;
  }
  room.take(boxAt(...city.spot, width + 4, height));
  room.take(dot);
  return true;
}

function circle([x, y], radius) {
  const round = `a${radius} ${radius} 0 1 0 `;
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}${round}${2 * radius} 0${round}-${2 * radius} 0`;
}
