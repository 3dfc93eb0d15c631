// What a person sees is kept while the page is loaded again: the extent and the open claim in the address, the layers, the folds and
// how far the list is scrolled in the session's store.
import {readJson} from "./dom.js";
import {whereIs} from "./ground.js";

const KEY = "mapgen-preview" + window.location.pathname;

function switches() {
  const { layers } = readJson(document.getElementById("map-data"));
  return [...document.querySelectorAll(".group")].map((group) => [layers[Number(group.dataset.layer)].name, group.querySelector(".switch")]);
}

export function keepState() {
  const list = document.querySelector(".panel-body");
  const state = {
    off: switches().filter(([, box]) => box && !box.checked).map(([name]) => name),
    legend: document.querySelector(".legend")?.open,
    unfolded: document.querySelector(".panel").classList.contains("unfolded"),
    list: list.scrollTop,
    page: window.scrollY,
  };
  window.sessionStorage.setItem(KEY, JSON.stringify(state));
  const { id, at, rest } = addressParts();
  if (at) return;
  const { longitude, latitude, zoom } = whereIs();
  setAddress(id, [latitude, longitude, zoom].map((number) => +number.toFixed(3)).join(","), rest);
}

// The address as the page writes it: a claim and a place, and the state of other parts of the page.
export function addressParts() {
  const rest = window.location.hash.slice(1).split("&");
  const [id, at = ""] = rest[0].includes("=") ? [""] : rest.shift().split("@");
  return { id, at, rest };
}

export function setAddress(id, at, rest) {
  const first = id + (at ? "@" + at : "");
  window.history.replaceState(null, "", "#" + [first, ...rest].filter(Boolean).join("&"));
}

export function restoreState() {
  const text = window.sessionStorage.getItem(KEY);
  window.sessionStorage.removeItem(KEY);
  if (!text) return;
  const state = JSON.parse(text);
  for (const [name, box] of switches()) if (box && box.checked && state.off.includes(name)) box.click();
  const legend = document.querySelector(".legend");
  if (legend && state.legend !== undefined) legend.open = state.legend;
  const panel = document.querySelector(".panel");
  if (state.unfolded !== panel.classList.contains("unfolded")) panel.querySelector(".fold")?.click();
  document.querySelector(".panel-body").scrollTop = state.list;
  window.scrollTo(0, state.page);
}
