// What is wrong, over the page, as text.
import {node} from "./dom.js";

export function makeNotice(body, words) {
  const box = node("section", { class: "preview-notice", role: "alert", hidden: "" });
  const head = node("p", { class: "preview-notice-head" });
  const list = node("ol");
  const hide = node("button", { type: "button", class: "preview-button" }, words.hide);
  hide.addEventListener("click", () => (box.hidden = true));
  box.append(hide, head, list);
  body.append(box);
  return {
    // Shows a heading and problems; hides itself when there is neither.
    show(heading, problems) {
      head.textContent = heading;
      list.replaceChildren(...problems.map(problemItem));
      box.hidden = !heading && !problems.length;
    },
  };
}

export function problemItem({ at, text }) {
  const item = node("li");
  if (at) item.append(node("code", { dir: "ltr" }, at), ": ");
  item.append(node("span", { dir: "auto" }, text));
  return item;
}
