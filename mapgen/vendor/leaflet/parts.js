// What the pages use of Leaflet: a map that pans and zooms, by pointer, wheel, touch and keyboard, and the base of a
// renderer of their own. No tiles, markers, popups or controls.
import {extend} from "package/src/core/Util.js";
import {setPosition} from "package/src/dom/DomUtil.js";
import {Simple} from "package/src/geo/crs/CRS.Simple.js";
import {toLatLng} from "package/src/geo/LatLng.js";
import {toLatLngBounds} from "package/src/geo/LatLngBounds.js";
import {toPoint} from "package/src/geometry/Point.js";
import {Renderer} from "package/src/layer/vector/Renderer.js";
import {createMap} from "package/src/map/Map.js";
import "package/src/map/handler/Map.BoxZoom.js";
import "package/src/map/handler/Map.DoubleClickZoom.js";
import "package/src/map/handler/Map.Drag.js";
import "package/src/map/handler/Map.Keyboard.js";
import "package/src/map/handler/Map.ScrollWheelZoom.js";
import "package/src/map/handler/Map.TouchZoom.js";

export const CRS = {Simple};
export const DomUtil = {setPosition};
export {Renderer, extend, toLatLng as latLng, toLatLngBounds as latLngBounds, createMap as map, toPoint as point};
