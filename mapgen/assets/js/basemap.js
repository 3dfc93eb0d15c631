// Land, water, territories, borders: from the blocks of the map's fragment to paths, bottom first.
import {drawn} from "./dom.js";

export function drawBase(base, arcs, layers) {
  // Whoever has disputed areas, they are land.
  const disputed = layers.filter(({ role }) => role === "disputed").flatMap(({ shapes }) => shapes);
  base.firstChild.after(drawn("path", { class: "area land", d: disputed.map(({ rings }) => arcs.rings(rings)).join("") }));
  for (const layer of layers) {
    if (layer.kind === "areas") drawAreas(base, arcs, layer);
    if (layer.kind === "lines") drawLines(base, arcs, layer);
  }
}

function drawAreas(base, arcs, layer) {
  const { role, shapes } = layer;
  const path = { class: "area " + role, "fill-rule": "evenodd" };
  if (role === "disputed") {
    for (const { id, rings } of shapes) {
      drawn("path", { ...path, "data-disputed": id, d: arcs.rings(rings) }, base);
    }
  } else {
    layer.path = drawn("path", path, base);
    redraw(arcs, layer);
  }
}

function drawLines(base, arcs, layer) {
  const { role, grade, emphasis } = layer;
  const kind = ["line", role, grade || "", emphasis ? "emphasis" : ""].filter(Boolean).join(" ");
  layer.path = drawn("path", { class: kind }, base);
  redraw(arcs, layer);
}

export function redraw(arcs, { path, arcs: references, shapes }) {
  path.setAttribute("d", shapes ? shapes.map(({ rings }) => arcs.rings(rings)).join("") : arcs.lines(references));
}

// The areas that carry a name, by role and id: {rings, width, height} in grid units.
export function namedAreas(arcs, layers) {
  const areas = new Map();
  for (const { kind, role, shapes } of layers) {
    if (kind !== "areas" || !["focus", "neighbour", "disputed"].includes(role)) continue;
    for (const { id, rings } of shapes) {
      const box = new Box();
      for (const ring of rings) arcs.each(ring, (x, y) => box.take(x, y));
      areas.set(role + id, { rings, width: box.x1 - box.x0, height: box.y1 - box.y0 });
    }
  }
  return areas;
}

export class Box {
  constructor() {
    this.x0 = this.y0 = Infinity;
    this.x1 = this.y1 = -Infinity;
  }

  take(x, y) {
    if (x < this.x0) this.x0 = x;
    if (x > this.x1) this.x1 = x;
    if (y < this.y0) this.y0 = y;
    if (y > this.y1) this.y1 = y;
  }
}
