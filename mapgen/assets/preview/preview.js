// In the preview only, never in a published map: hears of each build, loads the page again where it changed, shows what is wrong
// over it, and lets a person add claims by pointing.
import {readJson} from "./dom.js";
import {keepState, restoreState} from "./keeping.js";
import {offerPointing} from "./pointing.js";
import {makeNotice} from "./notice.js";

const preview = readJson(document.getElementById("preview-data"));
const notice = makeNotice(document.body, preview.words);
const hasMap = document.querySelector(".map-frame") !== null;
let news = null;
let stale = false;
// A claim that is being written is not thrown away by a change elsewhere.
let isWriting = () => false;

function update() {
  stale = true;
  if (isWriting()) return;
  news?.close();
  if (hasMap) keepState();
  if (preview.page) window.location.reload();
  else window.location.replace("/");
}

function hear({ versions, problems }) {
  const version = versions[preview.page];
  const names = Object.keys(versions);
  if (preview.page ? version && version !== preview.version : names.length) update();
  const lost = preview.page && !version && names.length ? [{ at: "", text: preview.words.lost }] : [];
  notice.show(problems.length ? preview.words.broken : "", [...problems, ...lost]);
}

// A page that nobody sees does not listen: browsers allow a site few connections.
function listen() {
  if (document.hidden || news) return;
  news = new EventSource(preview.path + "events");
  news.onmessage = ({ data }) => hear(JSON.parse(data));
  news.onerror = () => notice.show(preview.words.gone, []);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    news?.close();
    news = null;
  } else {
    listen();
  }
});

function begin() {
  if (hasMap) {
    restoreState();
    isWriting = offerPointing(preview, { free: () => stale && update() });
  }
  document.documentElement.dataset.preview = "ready";
  listen();
}

// The map's own script marks the page when the map is drawn.
if (!hasMap || document.documentElement.dataset.mapgen) {
  begin();
} else {
  const drawnYet = new MutationObserver(() => {
    if (!document.documentElement.dataset.mapgen) return;
    drawnYet.disconnect();
    begin();
  });
  drawnYet.observe(document.documentElement, { attributes: true });
}
