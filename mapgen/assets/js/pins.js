// Names and marks are HTML over the drawing: they keep their size, and go along with the map while it zooms.
import {atGrid} from "./projection.js";

// `pins` are {element, spot, width, height}; spot is the middle in the map's pixels, or null for what is not shown.
export function pinDown(map, view, pins) {
  const move = (pointOf) => {
    for (const { element, spot, width, height, held } of pins) {
      if (spot && held) L.DomUtil.setPosition(element, pointOf(held).subtract([width / 2, height / 2]));
    }
  };
  map.on("zoomanim", ({ center, zoom }) => move((held) => map._latLngToNewLayerPoint(held, zoom, center)));
  map.on("zoom", () => move((held) => map.latLngToLayerPoint(held)));
  return () => {
    const { toGrid } = view.now();
    for (const pin of pins) {
      if (!pin.element) continue;
      pin.element.classList.toggle("away", !pin.spot);
      if (!pin.spot) continue;
      pin.held = atGrid(...toGrid(pin.spot));
      const corner = L.point(pin.spot[0] - pin.width / 2, pin.spot[1] - pin.height / 2);
      L.DomUtil.setPosition(pin.element, corner.round());
    }
  };
}
