// The page's address: "#claim-id@latitude,longitude,zoom", both parts optional. Where the address cannot be written (a sandboxed
// frame), the page works on without it.

export function readAddress() {
  try {
    const text = decodeURIComponent(window.location.hash.slice(1));
    const [id, at] = text.split("@");
    const numbers = (at || "").split(",").map(Number);
    return { id, place: at && numbers.length === 3 && numbers.every(Number.isFinite) ? numbers : null };
  } catch {
    return { id: "", place: null };
  }
}

export function writeAddress(id, place) {
  const at = place ? "@" + place.map((number) => +number.toFixed(3)).join(",") : "";
  try {
    window.history.replaceState(null, "", "#" + id + at);
  } catch {
    // A sandboxed frame without an address of its own.
  }
}
