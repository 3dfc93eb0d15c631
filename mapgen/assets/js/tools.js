// The row above the list that searching, filtering and saving share: whichever comes first makes it.
import {node} from "./dom.js";

export function toolRow({ panel }) {
  const body = panel.panel.querySelector(".panel-body");
  if (!body.querySelector(".tools")) body.prepend(node("div", { class: "tools" }));
  return body.querySelector(".tools");
}

// A button of the row that lays open and folds what belongs to it, made when it is first wanted.
export function makeDrawer(row, name, text, fill) {
  const button = node("button", { type: "button", class: "tool", "aria-expanded": "false", "aria-controls": name }, text);
  const drawer = node("div", { class: "drawer " + name, id: name });
  drawer.hidden = true;
  row.append(button);
  row.after(drawer);
  button.addEventListener("click", () => {
    drawer.hidden = !drawer.hidden;
    button.setAttribute("aria-expanded", String(!drawer.hidden));
    if (!drawer.hidden) fill(drawer);
  });
  return { button, drawer };
}
