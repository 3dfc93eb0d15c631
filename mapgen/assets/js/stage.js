// The drawn map: base, claims, marks and names, placed anew at each view in the order of their importance.
import {readArcs, unfold} from "./arcs.js";
import {drawBase, namedAreas} from "./basemap.js";
import {gridCanvas} from "./canvas.js";
import {drawScale} from "./controls.js";
import {drawForms, isBroad, placeArrows, restAreas} from "./forms.js";
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
  const { locations, resting } = drawForms(canvas.claims, canvas.over, arcs, shapes, data.claims);
  const labels = makeLabels(map.createPane("labels"), canvas.over, layers, data, { arcs, areas: namedAreas(arcs, layers) });
  const marks = makeMarks(map.createPane("marks"), canvas.over, locations, data, texts);
  const settle = pinDown(map, view, [...labels.pins, ...marks.pins]);
  const hidden = new Set();
  restAreas(resting, data.claims, hidden);

  let obstacles = measure(area, map);

  function place() {
    const at = { ...view.now(), map, arcs };
    const room = freeRoom(map, view.covered(), obstacles);
    placeArrows(locations, at.toPixel);
    const visible = marks.pins.filter(({ claim }) => !hidden.has(claim));
    for (const { points } of visible) room.crossBy(points, at.toPixel);
    placeMarks(marks, visible, room, at);
    placeLabels(labels, room, at);
    settle();
    drawScale(area, map, data.words, view.degreesAt);
  }

  return {
    layer: canvas.layer,
    place,
    // What lies over the map has changed: look again.
    replace: () => {
      obstacles = measure(area, map);
      place();
    },
    marksOf: (index) => marks.pins.filter(({ claim }) => claim === index),
    // Whether a claim is only known for whole territories.
    isBroad: (index) => {
      const own = locations.filter(({ claim }) => claim === index);
      return own.length > 0 && own.every(({ form }) => isBroad(form));
    },
    show(index, on) {
      if (on) hidden.delete(index);
      else hidden.add(index);
      restAreas(resting, data.claims, hidden);
      this.mark(index, "off", !on);
    },
    mark(index, how, on) {
      for (const { claim, parts, element } of marks.pins) {
        if (claim !== index) continue;
        for (const each of [element, ...parts]) each.classList.toggle(how, on);
      }
    },
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
