// The Leaflet map in the grid's units: what it opens on, how far it goes, and where things are in it.
import {prefersStillness} from "./dom.js";
import {atGrid, gridCrs, gridProjection} from "./projection.js";

// A binary fraction, so that zooms compare exactly.
const SNAP = 0.125;

// `covered` tells how many pixels at the bottom of the map lie under something else.
export function makeView(container, frame, covered) {
  const still = prefersStillness();
  const crs = gridCrs(frame.unit);
  const map = L.map(container, {
    crs,
    attributionControl: false,
    zoomControl: false,
    zoomSnap: SNAP,
    wheelPxPerZoomLevel: 100,
    maxZoom: frame.max_zoom,
    maxBounds: bounds(frame.frame),
    maxBoundsViscosity: 0.8,
    trackResize: false,
    zoomAnimation: !still,
    fadeAnimation: false,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  const projection = gridProjection(frame);
  limitByPlace(map, frame.reaches, (zoom) => covered() / crs.scale(zoom));
  const view = {
    map,
    covered,
    // From the grid to the map's pixels and back, as the view is now.
    now: () => {
      const scale = crs.scale(map.getZoom());
      const { x: left, y: top } = map.getPixelOrigin();
      return {
        scale: () => scale,
        toPixel: ([x, y]) => [x * scale - left, y * scale - top],
        toGrid: ([x, y]) => [(x + left) / scale, (y + top) / scale],
      };
    },
    degreesAt: (pixel) => {
      const { lat, lng } = map.containerPointToLatLng(pixel);
      return projection.toDegrees(lng, -lat);
    },
    toDegrees: projection.toDegrees,
    // The rectangle of the grid around an extent of [west, south, east, north]; one that ends west of its beginning passes longitude 180.
    boxOf: ([west, south, east, north]) => {
      const wide = east < west ? east + 360 - west : east - west;
      const xs = [];
      const ys = [];
      for (let i = 0; i <= 16; i++) {
        for (const at of [[west + (wide * i) / 16, south], [west + (wide * i) / 16, north], [west, south + ((north - south) * i) / 16], [west + wide, south + ((north - south) * i) / 16]]) {
          const [x, y] = projection.toGrid(...at);
          xs.push(x);
          ys.push(y);
        }
      }
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    },
    // The zoom at which a rectangle of the grid fits into the map, less a margin in pixels.
    zoomFor: ([x0, y0, x1, y1], margin) => {
      const size = map.getSize();
      const room = [Math.max(50, size.x - 2 * margin), Math.max(50, size.y - covered() - 2 * margin)];
      const zoom = crs.zoom(Math.min(room[0] / Math.max(1, x1 - x0), room[1] / Math.max(1, y1 - y0)));
      return Math.floor(zoom / SNAP + 1e-6) * SNAP;
    },
    show: (box, { margin = 24, closest = frame.max_zoom, animate = false } = {}) => {
      const zoom = Math.min(closest, view.zoomFor(box, margin));
      const lower = covered() / 2 / crs.scale(zoom);
      map.setView(atGrid((box[0] + box[2]) / 2, (box[1] + box[3]) / 2 + lower), zoom, { animate: animate && !still });
    },
    showDegrees: ([latitude, longitude, zoom]) => {
      map.setView(atGrid(...projection.toGrid(longitude, latitude)), zoom, { animate: false });
    },
    // [latitude, longitude, zoom] of the middle.
    place: () => {
      const [longitude, latitude] = view.degreesAt(map.getSize().divideBy(2));
      return [latitude, longitude, map.getZoom()];
    },
    visible: () => {
      const { min, max } = map.getPixelBounds();
      const scale = view.now().scale();
      return [min.x / scale, min.y / scale, max.x / scale, (max.y - covered()) / scale];
    },
    // Whether most of a box is in view, or it fills most of the view.
    isSeen: (box) => {
      const [x0, y0, x1, y1] = view.visible();
      const share = (low, high, from, to) => (Math.min(high, to) - Math.max(low, from)) / Math.max(1, Math.min(high - low, to - from));
      return share(box.x0, box.x1, x0, x1) > 0.6 && share(box.y0, box.y1, y0, y1) > 0.6;
    },
    state: () => ({ centre: map.getCenter(), zoom: map.getZoom() }),
    isAt: ({ centre, zoom }) => Math.abs(zoom - map.getZoom()) < SNAP / 2 && map.project(centre).distanceTo(map.project(map.getCenter())) < 3,
    // Whether the map knows the size that its container has.
    hasSize: () => map.getSize().equals([container.clientWidth, container.clientHeight]),
    centreOn: (point) => map.setView(atGrid(...point), map.getZoom(), { animate: false }),
    // Lets the map zoom out as far as the whole region. Set without Leaflet's own setter, which would start a movement.
    limit: () => {
      map.options.minZoom = Math.min(view.zoomFor(frame.region, 8), view.zoomFor(frame.home, 24));
      if (map.getZoom() < map.options.minZoom) map.setZoom(map.options.minZoom, { animate: false });
    },
  };
  return view;
}

// One can zoom in as far as the map is precise: farthest where its claims are. `reaches` are [left, top, right, bottom, zoom],
// the smallest first; `below` tells how much of the grid lies hidden under the map's lower edge.
function limitByPlace(map, reaches, below) {
  const widest = reaches[reaches.length - 1];
  const zoomAt = ({ lat, lng }) => (reaches.find(([x0, y0, x1, y1]) => lng >= x0 && lng <= x1 && -lat >= y0 && -lat <= y1) || widest)[4];
  const boundsAt = (zoom) => {
    const [x0, y0, x1, y1] = reaches.filter((reach) => reach[4] > zoom - SNAP / 2).pop() || widest;
    return bounds([x0, y0, x1, y1 + below(zoom)]);
  };
  const setView = map.setView;
  map.setView = (centre, zoom = map.getZoom(), options) => {
    const { lat, lng } = L.latLng(centre);
    map.options.maxZoom = Math.max(map.getMinZoom(), zoomAt({ lat: lat + below(zoom) / 2, lng }));
    map.options.maxBounds = boundsAt(Math.min(zoom, map.options.maxZoom));
    return setView.call(map, centre, zoom, options);
  };
  map.on("move zoomend", () => {
    const { lat, lng } = map.getCenter();
    map.options.maxZoom = Math.max(map.getZoom(), zoomAt({ lat: lat + below(map.getZoom()) / 2, lng }));
    map.options.maxBounds = boundsAt(map.getZoom());
  });
}

function bounds([x0, y0, x1, y1]) {
  return L.latLngBounds(atGrid(x0, y1), atGrid(x1, y0));
}
