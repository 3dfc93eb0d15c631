// From degrees to grid units (x to the east, y to the south) and back, in the two projections that mapgen draws in; and the
// coordinate system that Leaflet works with: grid units as they are, so that every view is a rectangle of the grid.

const RADIAN = Math.PI / 180;
const WEB_CIRCUMFERENCE = 2 * Math.PI * 6378137;
const EARTH_RADIUS = 6371008.8;

function around(longitude, centre) {
  return ((((longitude - centre + 180) % 360) + 360) % 360) - 180;
}

function conic({ lat_1, lat_2, lat_0, lon_0, radius }) {
  const n = (Math.sin(lat_1 * RADIAN) + Math.sin(lat_2 * RADIAN)) / 2;
  const c = Math.cos(lat_1 * RADIAN) ** 2 + 2 * n * Math.sin(lat_1 * RADIAN);
  const distance = (latitude) => (radius * Math.sqrt(Math.max(0, c - 2 * n * Math.sin(latitude * RADIAN)))) / n;
  const origin = distance(lat_0);
  return {
    project(longitude, latitude) {
      const rho = distance(latitude);
      const theta = n * around(longitude, lon_0) * RADIAN;
      return [rho * Math.sin(theta), origin - rho * Math.cos(theta)];
    },
    unproject(x, y) {
      const side = Math.sign(n);
      const rho = side * Math.hypot(x, origin - y);
      const theta = Math.atan2(side * x, side * (origin - y));
      const sine = (c - ((rho * n) / radius) ** 2) / (2 * n);
      return [lon_0 + theta / n / RADIAN, Math.asin(Math.max(-1, Math.min(1, sine))) / RADIAN];
    },
  };
}

function mercator({ lon_0, radius }) {
  return {
    project(longitude, latitude) {
      return [radius * around(longitude, lon_0) * RADIAN, radius * Math.log(Math.tan(Math.PI / 4 + (latitude * RADIAN) / 2))];
    },
    unproject(x, y) {
      return [lon_0 + x / radius / RADIAN, (2 * Math.atan(Math.exp(y / radius)) - Math.PI / 2) / RADIAN];
    },
  };
}

export function gridProjection({ projection, unit }) {
  const { project, unproject } = projection.name === "mercator" ? mercator(projection) : conic(projection);
  return {
    toGrid(longitude, latitude) {
      const [x, y] = project(longitude, latitude);
      return [x / unit, -y / unit];
    },
    toDegrees(x, y) {
      const [longitude, latitude] = unproject(x * unit, -y * unit);
      return [around(longitude, 0), latitude];
    },
  };
}

// Leaflet's "latitude" is the grid's -y and its "longitude" the grid's x. Zooms mean what they mean in web maps.
export function gridCrs(unit) {
  const atZero = (unit * 256) / WEB_CIRCUMFERENCE;
  return L.extend({}, L.CRS.Simple, {
    scale: (zoom) => atZero * 2 ** zoom,
    zoom: (scale) => Math.log2(scale / atZero),
  });
}

export function atGrid(x, y) {
  return L.latLng(-y, x);
}

// Metres along the ground between two places in degrees.
export function groundDistance([lonA, latA], [lonB, latB]) {
  const half = (degrees) => Math.sin((degrees * RADIAN) / 2) ** 2;
  const h = half(latB - latA) + Math.cos(latA * RADIAN) * Math.cos(latB * RADIAN) * half(lonB - lonA);
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(Math.min(1, h)));
}
