// Numbered marks: a real button for each location of each claim. Marks that fall on one place stand together in rows; marks that
// would cover each other step aside and keep a leader line to their place.
import {drawn, figure, node, say} from "./dom.js";
import {isBroad} from "./forms.js";
import {boxAt} from "./room.js";

const PITCH = 24;
const NEAR = 10;
const SAMPLES = 8;
const LONGEST = 200;
const STEPS = [0, 22, 34, 48, 64, 84, 108, 140, 180, 230];
const TURNS = [270, 0, 180, 90, 315, 45, 225, 135, 292, 22, 202, 112];

export function makeMarks(pane, over, locations, data, texts) {
  const totals = new Map();
  for (const { claim } of locations) totals.set(claim, (totals.get(claim) || 0) + 1);
  const seen = new Map();
  const pins = locations.map((location) => {
    const { number, layer, status, weak, superseded } = data.claims[location.claim];
    const index = (seen.get(location.claim) || 0) + 1;
    seen.set(location.claim, index);
    const count = totals.get(location.claim);
    const full = texts[location.claim];
    const text = full.length > LONGEST ? full.slice(0, LONGEST) + "…" : full;
    const label = say(count > 1 ? data.words.place_of : data.words.claim, { number, index, count, text });
    const broad = location.broad ? " broad" : "";
    const doubt = (weak ? " weak" : "") + (superseded ? " superseded" : "");
    const kind = `mark away leaflet-zoom-animated layer-${layer % 5} status-${status}${broad}${doubt}`;
    const button = node("button", { type: "button", class: kind, "aria-label": label, "data-claim": location.claim });
    const sign = node("span", { class: "sign" + broad + (number > 99 ? " digits-" + String(number).length : "") });
    sign.append(node("span", {}, figure(number)));
    button.append(sign);
    return { ...location, element: button, width: PITCH, height: PITCH, spot: null };
  });
  // The keyboard goes through the marks in the order of the claims.
  pins.sort((a, b) => a.claim - b.claim);
  pane.append(...pins.map(({ element }) => element));
  return { pins, leaders: drawn("path", { class: "leader" }, over) };
}

// Finds a place for every mark whose location is in view, and takes it in the room.
export function placeMarks({ pins, leaders }, visible, room, view) {
  const groups = [];
  const spots = new Map();
  const near = new Map();
  for (const pin of pins) pin.spot = null;
  for (const pin of visible) {
    // Claims on one border or territory look for their place once.
    const shape = pin.rings || (pin.points.length ? pin.points : pin);
    if (!spots.has(shape)) spots.set(shape, spotInView(pin, room, view));
    const spot = spots.get(shape);
    if (!spot) continue;
    const group = groupNear(near, spot);
    if (group) {
      group.pins.push(pin);
      continue;
    }
    const made = { x: spot[0], y: spot[1], order: groups.length, pins: [pin] };
    groups.push(made);
    const cell = cellOf(...spot);
    if (near.has(cell)) near.get(cell).push(made);
    else near.set(cell, [made]);
  }
  let lines = "";
  for (const group of groups) {
    const found = placeGroup(group, room);
    if (found && Math.hypot(found[0] - group.x, found[1] - group.y) > PITCH / 2) lines += leader(group, ...found);
  }
  leaders.setAttribute("d", lines);
}

function cellOf(x, y) {
  return Math.floor(x / NEAR) * 65536 + Math.floor(y / NEAR);
}

// The first group that a spot is near to; groups are found by cells as wide as "near" is.
function groupNear(near, [x, y]) {
  let first = null;
  for (const stepX of [-NEAR, 0, NEAR]) {
    for (const stepY of [-NEAR, 0, NEAR]) {
      for (const group of near.get(cellOf(x + stepX, y + stepY)) || []) {
        if (Math.hypot(x - group.x, y - group.y) < NEAR && (!first || group.order < first.order)) first = group;
      }
    }
  }
  return first;
}

// Where a location's mark goes: its anchor, or what is in view of its line or area and nearest to the anchor.
function spotInView({ anchor, points, form, rings }, room, view) {
  const { toPixel } = view;
  const spot = toPixel(anchor);
  if (room.holds([...spot, ...spot], 4)) return spot;
  if (isBroad(form)) return spotInArea(rings, spot, room, view);
  let best = null;
  let least = Infinity;
  for (const point of points) {
    const [x, y] = toPixel(point);
    const far = Math.hypot(x - spot[0], y - spot[1]);
    if (far < least && room.holds([x, y, x, y], PITCH)) [best, least] = [[x, y], far];
  }
  return best;
}

function spotInArea(rings, spot, room, { toGrid, arcs }) {
  const [left, top, right, bottom] = room.view;
  const tried = [];
  for (let i = 1; i < SAMPLES; i++) {
    for (let k = 1; k < SAMPLES; k++) {
      tried.push([left + ((right - left) * i) / SAMPLES, top + ((bottom - top) * k) / SAMPLES]);
    }
  }
  const far = ([x, y]) => Math.hypot(x - spot[0], y - spot[1]);
  tried.sort((a, b) => far(a) - far(b));
  const inside = tried.filter(([x, y]) => room.isFree(boxAt(x, y, PITCH, PITCH)) && arcs.contains(rings, ...toGrid([x, y])));
  return inside.find(([x, y]) => !room.crossings(boxAt(x, y, 2 * PITCH, 2 * PITCH))) || inside[0] || null;
}

function placeGroup(group, room) {
  const count = group.pins.length;
  const columns = count < 4 ? count : Math.ceil(Math.sqrt(count + 1));
  const rows = Math.ceil(count / columns);
  const [width, height] = [columns * PITCH, rows * PITCH];
  const found = freePlace(group, width, height, room);
  if (!found) return null;
  const [x, y] = found;
  group.pins.forEach((pin, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    pin.spot = [x + ((i % columns) - (inRow - 1) / 2) * PITCH, y + (row - (rows - 1) / 2) * PITCH];
    room.take(boxAt(...pin.spot, PITCH, PITCH));
  });
  group.size = [width, height];
  return found;
}

function freePlace({ x, y }, width, height, room) {
  for (const step of STEPS) {
    for (const turn of step ? TURNS : [0]) {
      const stepX = x + (step + (step ? width / 2 - PITCH / 2 : 0)) * Math.cos((turn * Math.PI) / 180);
      const stepY = y + (step + (step ? height / 2 - PITCH / 2 : 0)) * Math.sin((turn * Math.PI) / 180);
      const box = boxAt(stepX, stepY, width, height);
      if (room.holds(box) && room.isFree(box)) return [stepX, stepY];
    }
  }
  return null;
}

function leader({ x, y, size: [width, height] }, toX, toY) {
  const nearX = Math.max(toX - width / 2 + 9, Math.min(toX + width / 2 - 9, x));
  const nearY = Math.max(toY - height / 2 + 9, Math.min(toY + height / 2 - 9, y));
  const round = (number) => number.toFixed(1);
  return `M${round(x - 1.5)} ${round(y)}a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M${round(x)} ${round(y)}L${round(nearX)} ${round(nearY)}`;
}
