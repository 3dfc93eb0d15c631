// On paper the map has a size of its own: it is fitted to it before printing and put back after.

export function preparePrint(view, { isHome, resize }) {
  const { map } = view;
  let kept = null;
  window.addEventListener("beforeprint", () => {
    if (kept) return;
    kept = { atHome: isHome(), seen: view.visible(), state: view.state() };
    document.documentElement.classList.add("printing");
    resize();
    if (!kept.atHome) view.show(kept.seen, { margin: 0 });
  });
  window.addEventListener("afterprint", () => {
    if (!kept) return;
    document.documentElement.classList.remove("printing");
    resize();
    if (!kept.atHome) map.setView(kept.state.centre, kept.state.zoom, { animate: false });
    kept = null;
  });
}
