// Put into a page before its own scripts: notes when its map is first drawn, and when nothing changes any more.
(() => {
  const QUIET = 400;
  let drawn = null;
  let last = 0;

  // mapgen says itself when it has drawn everything; of the others the first shape on the map counts.
  function isDrawn() {
    if (document.documentElement?.dataset.mapgen === "ready") return true;
    if (document.querySelector(".map-frame")) return false;
    return document.querySelector(".leaflet-overlay-pane path, .leaflet-overlay-pane canvas") !== null;
  }

  function look() {
    if (isDrawn()) requestAnimationFrame(() => { drawn = performance.now(); });
    else requestAnimationFrame(look);
  }

  new MutationObserver(() => { last = performance.now(); })
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) last = Math.max(last, startTime + duration);
  }).observe({ type: "longtask", buffered: true });
  look();

  // Resolves to the times in milliseconds since navigation began; `drawn` is null if `limit` passes first.
  window.whenSettled = (limit) => new Promise((resolve) => {
    const end = performance.now() + limit;
    const check = () => {
      const now = performance.now();
      if (drawn !== null && now - Math.max(drawn, last) > QUIET) resolve({ drawn, settled: Math.max(drawn, last) });
      else if (now > end) resolve({ drawn: null, settled: null });
      else setTimeout(check, 50);
    };
    check();
  });
})();
