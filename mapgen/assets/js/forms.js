// The claims' own geometry: what each location of a claim looks like on the map. Lines have a pale casing, whole territories
// a hatch that is quiet until the claim is opened.
import {drawn} from "./dom.js";
import {Box} from "./basemap.js";

const LINES = ["border", "route", "relation"];
const POINTS = ["place", "point"];
// Radius in pixels of the ring around a place that is only known as the middle of something, by UCDP's precision: the wider, the less
// exact. It is schematic: it measures nothing on the ground.
const RINGS = { 3: 20, 4: 27, 5: 27, 6: 36, 7: 46 };

export function isBroad(form) {
  return form === "territory" || form === "area";
}

// Draws every location. Returns them as {claim, form, anchor, box, points, parts, arrow}, the territories' resting hatches, and twins:
// locations that look the same, of which one at a time is drawn.
export function drawForms(group, over, arcs, shapes, claims) {
  const areas = drawn("g", {}, group);
  const casings = drawn("g", {}, group);
  const lines = drawn("g", {}, group);
  const resting = new Map();
  const twins = new Map();
  const known = new Map();
  let last = null;
  let index = 0;
  const locations = shapes.map((shape) => {
    const { id, layer, status, weak, levels } = claims[shape.claim];
    index = shape.claim === last ? index + 1 : 0;
    last = shape.claim;
    const about = { "data-claim": shape.claim };
    const kind = `claim-form layer-${layer % 5} form-${shape.form} status-${status}${weak ? " weak" : ""}`;
    const radius = POINTS.includes(shape.form) && levels && RINGS[levels[index]];
    const broad = isBroad(shape.form) || Boolean(radius);
    const location = { broad, ring: null, claim: shape.claim, form: shape.form, anchor: shape.anchor, id, parts: [], points: [], arrow: null, rings: shape.rings, arcs: shape.arcs, path: shape.path };
    if (LINES.includes(shape.form)) {
      const d = shape.arcs ? arcs.lines(shape.arcs) : "M" + shape.path.map(([x, y]) => x + " " + y).join("L");
      location.parts.push(drawn("path", { ...about, class: "casing " + kind, d }, casings));
      location.parts.push(drawn("path", { ...about, class: "claim-line " + kind, d }, lines));
      location.shared = d;
      if (shape.path) location.points = shape.path;
      else if (known.has(d)) location.points = known.get(d).points;
      else arcs.each(shape.arcs, (x, y) => location.points.push([x, y]));
      if (shape.form === "route") {
        location.arrow = drawn("path", { ...about, class: "arrow " + kind, d: "M6 0L-5-5L-2 0L-5 5z" }, over);
        location.parts.push(location.arrow);
      }
    } else if (shape.rings) {
      const d = arcs.rings(shape.rings);
      if (!resting.has(d)) {
        resting.set(d, { part: drawn("path", { "fill-rule": "evenodd", class: "claim-area rest", d }, areas), rings: shape.rings, claims: new Set() });
      }
      location.shared = d;
      resting.get(d).claims.add(shape.claim);
      location.parts.push(drawn("path", { ...about, "fill-rule": "evenodd", class: "claim-area " + kind, d }, areas));
    }
    if (radius) location.parts.push((location.ring = drawn("circle", { ...about, class: "ring " + kind, r: radius }, over)));
    const { shared } = location;
    location.box = known.has(shared) ? known.get(shared).box : extent(arcs, shape);
    if (shared) {
      known.set(shared, location);
      const look = kind + shared;
      if (twins.has(look)) twins.get(look).push(location);
      else twins.set(look, [location]);
    }
    return location;
  });
  return { locations, resting: [...resting.values()], twins: [...twins.values()].filter(({ length }) => length > 1) };
}

// Of locations that look the same the first is drawn that is switched on, and any other only while its claim is open: thousands of
// claims share a few borders and territories.
export function drawOneTwin(twins, hidden) {
  for (const alike of twins) {
    const first = alike.find(({ claim }) => !hidden.has(claim));
    for (const location of alike) for (const part of location.parts) part.classList.toggle("double", location !== first);
  }
}

// A territory that claims are about keeps one quiet hatch, in the layer's hue if all of them are of one layer.
export function restAreas(resting, claims, hidden) {
  for (const { part, claims: own } of resting) {
    const layers = new Set([...own].filter((index) => !hidden.has(index)).map((index) => claims[index].layer % 5));
    const kind = layers.size === 1 ? "layer-" + [...layers][0] : "several";
    part.setAttribute("class", `claim-area rest ${layers.size ? kind : "off"}`);
  }
}

function extent(arcs, { anchor, arcs: references, path, rings }) {
  const box = new Box();
  box.take(...anchor);
  if (references) arcs.each(references, (x, y) => box.take(x, y));
  if (path) path.forEach(([x, y]) => box.take(x, y));
  if (rings) rings.forEach((ring) => arcs.each(ring, (x, y) => box.take(x, y)));
  return box;
}

// Puts what has its size in pixels to its place: rings, and each route's arrow, turned to its last step.
export function placeSigns(locations, toPixel) {
  for (const { arrow, ring, anchor, points } of locations) {
    if (ring) {
      const [x, y] = toPixel(anchor);
      ring.setAttribute("cx", x.toFixed(1));
      ring.setAttribute("cy", y.toFixed(1));
    }
    if (!arrow) continue;
    const [x, y] = toPixel(points[points.length - 1]);
    const [fromX, fromY] = toPixel(points[Math.max(0, points.length - 3)]);
    const angle = (Math.atan2(y - fromY, x - fromX) * 180) / Math.PI;
    arrow.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(1)})`);
  }
}
