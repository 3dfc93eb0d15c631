// On paper the map has a size of its own: it is fitted to it before printing and put back after.

export function preparePrint(view, { isHome, home }) {
  const { map } = view;
  let kept = null;
  window.addEventListener("beforeprint", () => {
    if (kept) return;
    kept = { atHome: isHome(), seen: view.visible(), centre: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("printing");
    map.invalidateSize({ animate: false, pan: false });
    if (kept.atHome) home();
    else view.show(kept.seen, { margin: 0 });
  });
  window.addEventListener("afterprint", () => {
    if (!kept) return;
    document.documentElement.classList.remove("printing");
    map.invalidateSize({ animate: false, pan: false });
    if (kept.atHome) home();
    else map.setView(kept.centre, kept.zoom, { animate: false });
    kept = null;
  });
}
