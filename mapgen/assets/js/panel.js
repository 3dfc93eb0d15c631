// The list beside the map: the entries that the page already holds get a button each to open them, each layer a box to switch it.
import {figure, node, prefersStillness, say} from "./dom.js";

export function makePanel(root, data, { onToggle, onHover, onLayer, onFold }) {
  const byId = new Map(data.claims.map(({ id }, index) => [id, index]));
  const entries = data.claims.map(({ id }) => root.getElementById("claim-" + id));
  const heads = entries.map((entry, index) => makeHead(entry, () => onToggle(index)));
  entries.forEach((entry, index) => {
    entry.addEventListener("mouseenter", () => onHover(index, true));
    entry.addEventListener("mouseleave", () => onHover(index, false));
  });
  const groups = [...root.querySelectorAll(".group")];
  const outside = data.claims.map(() => false);
  for (const group of groups) {
    const layer = Number(group.dataset.layer);
    makeSwitch(group, say(data.words.show_layer, { title: data.layers[layer].title }), (on) => {
      onLayer(layer, on);
    });
  }
  const panel = root.querySelector(".panel");
  makeFold(panel, root.querySelector(".panel-title"), onFold);
  return {
    panel,
    entries,
    heads,
    texts: entries.map((entry) => entry.querySelector(".claim-text").textContent),
    indexOf: (id) => byId.get(id) ?? byId.get(id.replace(/^claim-/, "")) ?? null,
    // How many pixels of the map the list lies over: in small frames, unfolded.
    overlap: () => {
      if (!panel.classList.contains("unfolded")) return 0;
      const map = root.querySelector(".map").getBoundingClientRect();
      const list = panel.getBoundingClientRect();
      const over = list.left < map.right && list.top > map.top && list.top < map.bottom && window.getComputedStyle(panel).position === "absolute";
      return over ? map.bottom - list.top : 0;
    },
    showLayers: (on) => {
      for (const group of groups) {
        group.classList.toggle("off", !on[group.dataset.layer]);
        group.querySelector(".switch").checked = on[group.dataset.layer];
      }
    },
    // Shows the entries that pass the filter, and says how many there are.
    showOnly: (filter) => {
      const counts = data.layers.map(() => 0);
      let shown = 0;
      entries.forEach((entry, index) => {
        const out = !filter.passes(index);
        if (filter.passesBut("layers", index)) counts[data.claims[index].layer]++;
        if (!out) shown++;
        if (outside[index] === out) return;
        outside[index] = out;
        entry.classList.toggle("out", out);
      });
      for (const group of groups) {
        group.classList.toggle("out", !counts[group.dataset.layer]);
        group.querySelector(".group-count").textContent = figure(counts[group.dataset.layer]);
      }
      tell(root, data, shown);
    },
    reveal: (id) => {
      layOpen(panel, true);
      const target = root.getElementById(id);
      if (!target) return;
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      showEntry(target);
    },
  };
}

function makeHead(entry, act) {
  const heading = entry.querySelector("h4");
  const button = node("button", { type: "button", class: "head", "aria-expanded": "false" });
  button.setAttribute("aria-controls", entry.querySelector(".claim-body").id);
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", act);
  entry.querySelector(".byline").addEventListener("click", act);
  return button;
}

function makeSwitch(group, name, act) {
  const heading = group.querySelector("h3");
  const box = node("input", { type: "checkbox", class: "switch", "aria-label": name });
  box.checked = true;
  const label = node("label", { class: "switch-label" });
  label.append(box, ...heading.childNodes);
  heading.append(label);
  box.addEventListener("change", () => act(box.checked));
}

const SMALL_FRAME = "screen and (max-width: 760px) and (max-height: 599px)";

// In small frames the list lies folded behind its title.
function makeFold(panel, title, act) {
  const button = node("button", { type: "button", class: "fold", "aria-expanded": "false", "aria-controls": "panel-body" });
  panel.querySelector(".panel-body").id = "panel-body";
  button.append(...title.childNodes);
  title.append(button);
  // Elsewhere it is the list's title and nothing to press.
  const small = matchMedia(SMALL_FRAME);
  const follow = () => (button.disabled = !small.matches);
  small.addEventListener("change", follow);
  follow();
  button.addEventListener("click", () => {
    layOpen(panel, !panel.classList.contains("unfolded"));
    act();
  });
}

function layOpen(panel, open) {
  panel.classList.toggle("unfolded", open);
  panel.querySelector(".fold").setAttribute("aria-expanded", String(open));
}

function tell(root, data, visible) {
  const total = data.claims.length;
  const word = visible < total ? data.words.some : data.words.count;
  const text = say(word, { shown: visible, count: total });
  root.querySelector(".count").textContent = text;
  root.querySelector(".said").textContent = text;
}

// Opens an entry and closes the others; null closes all.
export function openEntry({ entries, heads, panel }, index) {
  entries.forEach((entry, each) => {
    entry.classList.toggle("open", each === index);
    heads[each].setAttribute("aria-expanded", String(each === index));
  });
  if (index !== null) layOpen(panel, true);
}

export function showEntry(entry) {
  entry.scrollIntoView({ block: "nearest", behavior: prefersStillness() ? "auto" : "smooth" });
}
