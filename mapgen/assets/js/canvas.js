// The one SVG that everything is drawn in. Paths keep the grid's integers; panning and zooming only change the transform of their
// group. Leaflet's own renderer moves and scales the element between redraws.
import {drawn} from "./dom.js";

const HATCH = { disputed: 45, several: -45, 0: -45, 1: -45, 2: -45, 3: -45, 4: -45 };

export function gridCanvas(frame, redrawn) {
  const svg = drawn("svg", { class: "canvas", "aria-hidden": "true", focusable: "false" });
  const defs = drawn("defs", {}, svg);
  const [x0, y0, x1, y1] = frame;
  const rectangle = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  drawn("rect", rectangle, drawn("clipPath", { id: "frame-clip" }, defs));
  const hatches = Object.entries(HATCH).map(([name, angle]) => {
    const kind = Number.isNaN(Number(name)) ? "hatch-" + name : "hatch layer-" + name;
    const pattern = drawn("pattern", { id: "hatch-" + name, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, defs);
    drawn("path", { class: kind, d: "M0 4h8" }, pattern);
    return [pattern, angle];
  });
  const scaled = drawn("g", { class: "grid" }, svg);
  const base = drawn("g", { class: "base", "clip-path": "url(#frame-clip)" }, scaled);
  drawn("rect", { class: "sea", ...rectangle }, base);
  const claims = drawn("g", { class: "claims-drawn" }, scaled);
  const over = drawn("g", { class: "over" }, svg);

  const Canvas = L.Renderer.extend({
    _initContainer() {
      this._container = svg;
    },
    _destroyContainer() {
      svg.remove();
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      svg.setAttribute("width", size.x);
      svg.setAttribute("height", size.y);
      svg.setAttribute("viewBox", [min.x, min.y, size.x, size.y].join(" "));
      L.DomUtil.setPosition(svg, min);
      const scale = this._map.options.crs.scale(this._map.getZoom());
      const origin = this._map.getPixelOrigin();
      scaled.setAttribute("transform", `matrix(${scale} 0 0 ${scale} ${-origin.x} ${-origin.y})`);
      for (const [pattern, angle] of hatches) {
        pattern.setAttribute("patternTransform", `scale(${1 / scale}) rotate(${angle})`);
      }
      redrawn();
    },
  });
  return { layer: new Canvas({ padding: 0.35 }), svg, base, claims, over };
}
