// The drawn map: base, claims, marks and names, placed anew at each view in the order of their importance.
import {readArcs} from "./arcs.js";
import {drawBase, territorySizes} from "./basemap.js";
import {gridCanvas} from "./canvas.js";
import {drawScale} from "./controls.js";
import {drawForms, isBroad, placeArrows, restAreas} from "./forms.js";
import {makeLabels, placeLabels} from "./labels.js";
import {makeMarks, placeMarks} from "./marks.js";
import {pinDown} from "./pins.js";
import {Room} from "./room.js";

const OBSTACLES = ".zoom, .views, .legend, .scale";

export async function setStage(area, view, { frame, layers, data, texts }) {
  const { map } = view;
  const arcs = await readArcs(layers.find(({ kind }) => kind === "arcs"));
  const canvas = gridCanvas(frame.frame, () => map._loaded && place());
  drawBase(canvas.base, arcs, layers);
  const shapes = layers.filter(({ kind }) => kind === "claims").flatMap((layer) => layer.shapes);
  const { locations, resting } = drawForms(canvas.claims, canvas.over, arcs, shapes, data.claims);
  const labels = makeLabels(map.createPane("labels"), canvas.over, layers, data, territorySizes(arcs, layers));
  const marks = makeMarks(map.createPane("marks"), canvas.over, locations, data, texts);
  const settle = pinDown(map, view, [...labels.pins, ...marks.pins]);
  const hidden = new Set();
  restAreas(resting, data.claims, hidden);

  function place() {
    const room = freeRoom(area, map, view.covered());
    placeArrows(locations, view.toPixel);
    const visible = marks.pins.filter(({ claim }) => !hidden.has(claim));
    for (const { points } of visible) room.crossBy(points.map(view.toPixel));
    placeMarks(marks, visible, room, view);
    placeLabels(labels, room, view);
    settle();
    drawScale(area, map, data.words, view.degreesAt);
  }

  return {
    layer: canvas.layer,
    place,
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

// The view with what already stands in it.
function freeRoom(area, map, covered) {
  const size = map.getSize();
  const corner = map.containerPointToLayerPoint([0, 0]);
  const room = new Room([corner.x, corner.y, corner.x + size.x, corner.y + size.y - covered]);
  const outer = map.getContainer().getBoundingClientRect();
  for (const each of area.querySelectorAll(OBSTACLES)) {
    const { left, top, right, bottom, width } = each.getBoundingClientRect();
    const [x, y] = [corner.x - outer.left, corner.y - outer.top];
    if (width) room.take([left + x - 4, top + y - 4, right + x + 4, bottom + y + 4]);
  }
  return room;
}
