// From pixels to places: read from what is drawn, so that nothing of the page's own script need be known.
import {readJson} from "./dom.js";
import {gridCrs, gridProjection, groundDistance} from "./projection.js";

export function toGridAt(x, y) {
  const matrix = document.querySelector(".canvas .grid").getScreenCTM();
  const at = new DOMPoint(x, y).matrixTransform(matrix.inverse());
  return [at.x, at.y];
}

// The place under a pixel of the window, and the kilometres that some pixels are there.
export function placeAt(x, y, pixels) {
  const projected = gridProjection(readJson(document.querySelector(".map-frame")));
  const [longitude, latitude] = projected.toDegrees(...toGridAt(x, y));
  const beside = projected.toDegrees(...toGridAt(x + pixels, y));
  return { longitude, latitude, reach: groundDistance([longitude, latitude], beside) / 1000 };
}

export function middle() {
  const { left, top, width, height } = document.querySelector(".map").getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

// The view: its middle in degrees, and its zoom.
export function whereIs() {
  const frame = readJson(document.querySelector(".map-frame"));
  const { a } = document.querySelector(".canvas .grid").getScreenCTM();
  return { ...placeAt(...middle(), 1), zoom: gridCrs(frame.unit).zoom(a) };
}
