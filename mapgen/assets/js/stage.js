// The drawn map: base, claims, marks and names, placed anew at each view in the order of their importance.
import {readArcs, unfold} from "./arcs.js";
import {drawBase, namedAreas} from "./basemap.js";
import {gridCanvas} from "./canvas.js";
import {drawScale} from "./controls.js";
import {drawForms, drawOneTwin, placeSigns, restAreas} from "./forms.js";
import {makeLabels, placeLabels} from "./labels.js";
import {makeMarks, placeMarks} from "./marks.js";
import {pinDown} from "./pins.js";
import {Room} from "./room.js";

const OBSTACLES = ".zoom, .views, .scale, .legend";
const MARGIN = 4;

export async function setStage(area, view, { frame, layers, data, texts }) {
  const { map } = view;
  unfold(layers);
  const arcs = await readArcs(layers.find(({ kind }) => kind === "arcs"));
  const canvas = gridCanvas(frame.drawn, () => map._loaded && place());
  const ground = layers.find(({ kind }) => kind === "ground");
  if (ground) canvas.base.querySelector(".sea").classList.add(ground.role);
  drawBase(canvas.base, arcs, layers);
  const shapes = layers.filter(({ kind }) => kind === "claims").flatMap((layer) => layer.shapes);
  const { locations, resting, twins } = drawForms(canvas.claims, canvas.over, arcs, shapes, data.claims);
  const areas = namedAreas(arcs, layers);
  const labels = makeLabels(map.createPane("labels"), canvas.over, layers, data, { arcs, areas });
  const marks = makeMarks(map.createPane("marks"), canvas.over, locations, data, texts);
  const settle = pinDown(map, view, [...labels.pins, ...marks.pins]);
  const hidden = new Set();
  const byClaim = data.claims.map(() => []);
  for (const pin of marks.pins) byClaim[pin.claim].push(pin);
  rest();

  let obstacles = measure(area, map);

  function place() {
    const at = { ...view.now(), map, arcs };
    const room = freeRoom(map, view.covered(), obstacles);
    placeSigns(locations, at.toPixel);
    const visible = marks.pins.filter(({ claim }) => !hidden.has(claim));
    for (const points of new Set(visible.map((pin) => pin.points))) room.crossBy(points, at.toPixel);
    placeMarks(marks, visible, room, at);
    placeLabels(labels, room, at);
    settle();
    drawScale(area, map, data.words, view.degreesAt);
  }

  function mark(index, how, on) {
    for (const { parts, element } of byClaim[index]) for (const each of [element, ...parts]) each.classList.toggle(how, on);
  }

  function rest() {
    restAreas(resting, data.claims, hidden);
    drawOneTwin(twins, hidden);
  }

  function switchOn(index, on) {
    if (on !== hidden.has(index)) return;
    if (on) hidden.delete(index);
    else hidden.add(index);
    mark(index, "off", !on);
  }

  return {
    layer: canvas.layer,
    drawn: { base: canvas.base, layers, arcs, areas, labels, locations, resting },
    place,
    // What lies over the map has changed: look again.
    replace: () => {
      obstacles = measure(area, map);
      place();
    },
    marksOf: (index) => byClaim[index],
    // Whether a claim is only known for whole territories, or for what lies around a place.
    isBroad: (index) => byClaim[index].length > 0 && byClaim[index].every(({ broad }) => broad),
    show(index, on) {
      switchOn(index, on);
      rest();
    },
    showOnly(test) {
      for (let index = 0; index < byClaim.length; index++) switchOn(index, test(index));
      rest();
    },
    mark,
    // The points of arcs, in the grid, each in its direction.
    lines: (references) => references.map((reference) => {
      const points = [];
      arcs.each([reference], (x, y) => points.push([x, y]));
      return reference < 0 ? points.reverse() : points;
    }),
  };
}

// What lies over the map, as [left, top, right, bottom] from its corner.
function measure(area, map) {
  const outer = map.getContainer().getBoundingClientRect();
  return [...area.querySelectorAll(OBSTACLES)].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left - outer.left - MARGIN, top - outer.top - MARGIN, right - outer.left + MARGIN, bottom - outer.top + MARGIN];
  });
}

// The view with what already stands in it.
function freeRoom(map, covered, obstacles) {
  const size = map.getSize();
  const { x, y } = map.containerPointToLayerPoint([0, 0]);
  const room = new Room([x, y, x + size.x, y + size.y - covered]);
  for (const [left, top, right, bottom] of obstacles) room.take([left + x, top + y, right + x, bottom + y]);
  return room;
}
