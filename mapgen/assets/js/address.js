// The page's address: "#claim-id@latitude,longitude,zoom&key=value&key=value", all parts optional. Each part of the page that has a
// state of its own keeps it under a key. Where the address cannot be written (a sandboxed frame), the page works on without it.

const keys = new Map();

// `write` gives a key's values, none at the state that the page opens with; `read` takes them, none for that state. `filters` says
// that the key limits which claims are shown.
export function keepInAddress(key, { write, read, filters = false }) {
  keys.set(key, { write, read, filters });
}

export function clearFilters() {
  for (const { write, read, filters } of keys.values()) if (filters && write().length) read([]);
}

export function readAddress() {
  const pairs = window.location.hash.slice(1).split("&");
  const first = pairs[0].includes("=") ? "" : pairs.shift();
  const at = first.lastIndexOf("@");
  const numbers = at < 0 ? [] : plainText(first.slice(at + 1)).split(",").map(Number);
  return {
    id: plainText(at < 0 ? first : first.slice(0, at)),
    place: numbers.length === 3 && numbers.every(Number.isFinite) ? numbers : null,
    values: new Map(pairs.map((pair) => pair.split("=")).map(([key, values = ""]) => [key, values.split(",").map(plainText)])),
  };
}

export function takeValues({ values }) {
  for (const [key, { write, read }] of keys) {
    const wanted = (values.get(key) || []).filter(Boolean);
    if (wanted.join("\n") !== write().join("\n")) read(wanted);
  }
}

// The part of an address behind the page's own: for a claim, a place, and the state of everything that keeps one.
export function addressOf(id, place) {
  const at = place ? "@" + place.map((number) => +number.toFixed(3)).join(",") : "";
  const kept = [...keys].map(([key, { write }]) => [key, write().map(encodeURIComponent).join(",")]);
  return "#" + [id + at, ...kept.filter(([, values]) => values).map((pair) => pair.join("="))].filter(Boolean).join("&");
}

export function writeAddress(id, place) {
  try {
    window.history.replaceState(null, "", addressOf(id, place));
  } catch {
    // A sandboxed frame without an address of its own.
  }
}

function plainText(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
