// Switching between worldviews: each is written as what it draws otherwise than the one that the map opens on.
import {keepInAddress} from "./address.js";
import {drawBase, namedAreas, redraw} from "./basemap.js";
import {node} from "./dom.js";
import {register} from "./features.js";

register(({ data, area, stage, panel, remember }) => {
  const { worldviews } = data;
  const { base, layers, arcs, areas, labels, locations, resting } = stage.drawn;
  const others = layers.find(({ kind }) => kind === "views");
  const extra = { kind: "areas", role: "disputed", shapes: others.shapes };
  drawBase(base, arcs, [extra]);
  takeAreas(extra);
  const lines = layers.filter(({ kind, role }) => kind === "lines" && role !== "river");
  const select = makeSelect(area.querySelector(".controls"), data);
  const statement = document.querySelector(".foot p");
  const entries = [...area.querySelectorAll(".legend li")];
  let now = 0;

  // What a name on the map belongs to has other rings, or rings at last.
  function takeAreas(layer) {
    for (const [key, taken] of namedAreas(arcs, [layer])) {
      if (!areas.has(key)) areas.set(key, {});
      Object.assign(areas.get(key), taken);
    }
    for (const label of labels.names) label.area = areas.get(label.role + label.id);
  }

  // A claim on a whole territory is drawn over what the worldview takes for it; all others stay where they are.
  function partsOver(rings) {
    const over = (each) => each.rings === rings;
    return [...locations.filter(over).flatMap(({ parts }) => parts), ...resting.filter(over).map(({ part }) => part)];
  }

  // Everything that some worldview draws otherwise: its layer, what it has at the opening, and what changes, by worldview.
  const changing = new Map();
  function collect(owner, layer, key, view, changes) {
    if (!changing.has(owner)) changing.set(owner, { layer, key, opening: owner[key], changes: [], parts: partsOver(owner[key]) });
    changing.get(owner).changes[view] = changes;
  }
  others.views.forEach((each, view) => {
    for (const [id, ...rings] of each.areas) {
      const layer = layers.find(({ kind, role, shapes }) => kind === "areas" && (id < 0 ? role === "land" : ["focus", "neighbour"].includes(role) && shapes.some((shape) => shape.id === id)));
      collect(id < 0 ? layer.shapes[0] : layer.shapes.find((shape) => shape.id === id), layer, "rings", view, rings);
    }
    for (const [place, ...runs] of each.lines) {
      collect(lines[place], lines[place], "arcs", view, runs.flatMap(([first, count]) => Array.from({ length: count }, (_, step) => first + step)));
    }
  });

  function draw() {
    for (const [owner, { key, opening, changes, parts }] of changing) {
      owner[key] = toggle(opening, changes[now] || []);
      for (const part of parts) part.setAttribute("d", arcs.rings(owner[key]));
    }
    for (const layer of new Set([...changing.values()].map(({ layer }) => layer))) {
      redraw(arcs, layer);
      if (layer.shapes) takeAreas(layer);
    }
  }

  function hide() {
    const { disputed, absent } = others.views[now];
    for (const path of base.querySelectorAll("[data-disputed]")) path.classList.toggle("off", !disputed.includes(Number(path.dataset.disputed)));
    for (const label of labels.names) label.off = label.role === "disputed" ? !disputed.includes(label.id) : absent.includes(label.id);
  }

  function choose(view) {
    now = view;
    const { says, hidden, missed } = worldviews[view];
    draw();
    hide();
    select.selectedIndex = view;
    statement.textContent = says;
    entries.forEach((entry, index) => (entry.hidden = hidden.includes(index)));
    for (const each of document.querySelectorAll(".missed")) each.remove();
    for (const [claim, text] of missed) panel.entries[claim].querySelector(".claim-body").prepend(node("p", { class: "missed", dir: "auto" }, text));
    stage.replace();
  }

  select.addEventListener("change", () => {
    choose(select.selectedIndex);
    document.querySelector(".said").textContent = worldviews[now].says;
    remember();
  });
  keepInAddress("worldview", {
    write: () => (now ? [worldviews[now].name] : []),
    read: ([wanted]) => choose(Math.max(0, worldviews.findIndex(({ name }) => name === wanted))),
  });
  hide();
  stage.replace();
});

function makeSelect(controls, { words, worldviews }) {
  const label = node("label", { class: "views worldviews" });
  const select = node("select", { "aria-label": words.worldview });
  for (const { title } of worldviews) select.append(node("option", {}, title));
  label.append(node("span", {}, words.worldview), select);
  controls.append(label);
  return select;
}

// The items that only one of two lists has.
function toggle(list, changes) {
  const left = new Map(list.map((each) => [String(each), each]));
  for (const each of changes) if (!left.delete(String(each))) left.set(String(each), each);
  return [...left.values()];
}
