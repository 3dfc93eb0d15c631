// Puts the page together and keeps map, list and address in step.
import {readJson} from "./dom.js";
import {addressOf, keepInAddress, readAddress, takeValues, writeAddress} from "./address.js";
import {guardWheel, makeControls, reachScrolling} from "./controls.js";
import {extend} from "./features.js";
import {fitFrame} from "./framed.js";
import {makeFilter} from "./filter.js";
import {makePanel, openEntry, showEntry} from "./panel.js";
import {preparePrint} from "./print.js";
import {setStage} from "./stage.js";
import {makeView} from "./view.js";

// Pixels; as in the style sheet.
const ROOMY = 700;

async function start() {
  const data = readJson(document.getElementById("map-data"));
  const frame = readJson(document.querySelector(".map-frame"));
  const layers = [...document.querySelectorAll(".map-layer")].map(readJson);
  const area = document.querySelector(".map-area");
  const retracted = (index) => data.claims[index].status === "retracted";
  const address = readAddress();
  const filter = makeFilter(data.claims.length);
  const openers = [];
  let layersOn = data.layers.map(() => true);
  let opened = null;
  let cameFrom = null;
  let atHome = true;
  let homeView = null;

  const panel = makePanel(document, data, {
    onToggle: (index) => open(opened === index ? null : index),
    onHover: (index, on) => mark(index, "hover", on),
    onLayer: (layer, on) => showLayers(layersOn.map((before, each) => (each === layer ? on : before))),
    onFold: () => stage.replace(),
  });
  const legend = area.querySelector(".legend");
  let roomy = true;
  fold();
  const view = makeView(area.querySelector(".map"), frame, panel.overlap);
  const { map } = view;
  const stage = await setStage(area, view, { frame, layers, data, texts: panel.texts });

  function home(animate = false) {
    view.show(frame.home, { animate });
    if (animate) return;
    homeView = view.state();
    atHome = true;
  }

  function mark(index, how, on) {
    stage.mark(index, how, on);
    panel.entries[index].classList.toggle(how, on);
  }

  function showLayers(wanted) {
    layersOn = wanted;
    panel.showLayers(wanted);
    filter.set({ layers: wanted.every(Boolean) ? null : (index) => wanted[data.claims[index].layer] });
  }

  // What the filter shows; an open claim is shown whatever it says.
  function refresh() {
    if (opened !== null && !filter.passes(opened)) open(null);
    stage.showOnly((index) => index === opened || (filter.passes(index) && !retracted(index)));
    panel.showOnly(filter);
    stage.place();
    remember();
  }

  function open(index, { move = true } = {}) {
    if (opened !== null) {
      mark(opened, "open", false);
      if (retracted(opened) || !filter.passes(opened)) stage.show(opened, false);
    }
    opened = index;
    area.classList.toggle("has-open", index !== null);
    openEntry(panel, index);
    if (index !== null) {
      stage.show(index, true);
      mark(index, "open", true);
      view.limit();
      if (move) bringIntoView(index);
      stage.place();
    }
    for (const opener of openers) opener(index);
    if (index !== null) showEntry(panel.entries[index]);
    remember();
  }

  // Moves the map only if a location of the claim is out of view.
  function bringIntoView(index) {
    const boxes = stage.marksOf(index).map(({ box }) => box);
    if (boxes.every(view.isSeen)) return;
    const least = (key) => Math.min(...boxes.map((box) => box[key]));
    const most = (key) => Math.max(...boxes.map((box) => box[key]));
    const all = [least("x0"), least("y0"), most("x1"), most("y1")];
    view.show(all, { margin: 30, closest: map.getZoom(), animate: true });
  }

  function close() {
    open(null);
    if (cameFrom) cameFrom.focus();
    cameFrom = null;
  }

  function remember() {
    if (window.location.hash.length > 1 || state() !== "#") writeAddress(...stateParts());
  }

  function stateParts() {
    return [opened === null ? "" : data.claims[opened].id, atHome ? null : view.place()];
  }

  function state() {
    return addressOf(...stateParts());
  }

  function follow(wanted) {
    takeValues(wanted);
    if (wanted.place) view.showDegrees(wanted.place);
    const named = panel.indexOf(wanted.id);
    // A step of a story opens a claim itself.
    if (named !== null || !wanted.values.has("step")) open(named, { move: !wanted.place });
  }

  // The legend is a strip under wide maps, and lies folded over narrow ones.
  function fold() {
    const wide = area.clientWidth >= ROOMY || document.documentElement.classList.contains("printing");
    if (legend && wide !== roomy) legend.open = wide;
    roomy = wide;
  }

  // The map has another size: what it showed before stays in view.
  function resize() {
    fold();
    const wasHome = atHome;
    map.invalidateSize({ animate: false });
    view.limit();
    if (wasHome) home();
    stage.replace();
  }

  data.claims.forEach((claim, index) => {
    panel.entries[index].querySelector(".sign").classList.toggle("broad", stage.isBroad(index));
  });
  stage.showOnly((index) => !retracted(index));
  home();
  view.limit();
  home();
  map.addLayer(stage.layer);
  map.on("moveend", () => {
    atHome = view.isAt(homeView);
    remember();
  });
  atHome = view.isAt(homeView);

  makeControls(area, {
    in: () => map.zoomIn(1),
    out: () => map.zoomOut(1),
    home: () => home(true),
    region: () => view.show(frame.region, { margin: 12, animate: true }),
  });
  guardWheel(area, data.words);
  reachScrolling(document.querySelectorAll(".foot, .legend ul"));
  fitFrame(area, map, data.words);
  preparePrint(view, { isHome: () => atHome, resize });
  new ResizeObserver(() => {
    if (document.documentElement.classList.contains("printing") || view.hasSize()) return;
    resize();
  }).observe(map.getContainer());
  legend?.addEventListener("toggle", stage.replace);

  map.getPane("marks").addEventListener("click", (event) => {
    const button = event.target.closest("[data-claim]");
    if (!button) return;
    const index = Number(button.dataset.claim);
    if (opened === index) return close();
    open(index);
    cameFrom = button;
    // Without a pointer the reading goes on in the list, and Escape leads back.
    if (event.detail === 0) panel.heads[index].focus({ preventScroll: true });
  });
  map.getPane("marks").addEventListener("focusin", ({ target }) => {
    const pin = stage.marksOf(Number(target.dataset.claim)).find(({ element }) => element === target);
    if (pin && !pin.spot) view.centreOn(pin.anchor);
  });
  for (const [type, on] of [["mouseover", true], ["mouseout", false]]) {
    map.getContainer().addEventListener(type, ({ target }) => {
      const owner = target.closest("[data-claim]");
      if (owner) mark(Number(owner.dataset.claim), "hover", on);
    });
  }
  map.on("click", ({ originalEvent }) => {
    const owner = originalEvent.target.closest("path[data-claim]");
    if (owner) open(Number(owner.dataset.claim));
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && opened !== null) close();
  });
  window.addEventListener("hashchange", () => follow(readAddress()));
  // Links within the page are followed by the script: in a frame without an address they would lead out of it.
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.('a[href^="#"]');
    if (!target) return;
    event.preventDefault();
    const index = panel.indexOf(target.hash.slice(1));
    if (index !== null) open(index);
    else panel.reveal(target.hash.slice(1));
  });

  filter.follow(refresh);
  keepInAddress("layers", {
    filters: true,
    write: () => (layersOn.every(Boolean) ? [] : data.layers.filter((_, layer) => layersOn[layer]).map(({ name }) => name)),
    read: (names) => showLayers(data.layers.map(({ name }) => !names.length || names.includes(name))),
  });
  const app = { data, frame, area, view, stage, panel, filter, open, opened: () => opened, remember, state };
  extend({ ...app, layersOn: () => layersOn, showLayers, home, onOpen: (opener) => openers.push(opener) });
  follow(address);
  document.documentElement.dataset.mapgen = "ready";
  window.performance.mark("mapgen-drawn");
}

start().catch((error) => {
  // The page reads without its script: the whole list is laid open.
  document.documentElement.classList.remove("js");
  throw error;
});
