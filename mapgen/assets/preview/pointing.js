// Pointing at the map: one button begins it, the next click or Enter says where, and the form takes over.
import {drawn, node} from "./dom.js";
import {ask} from "./asking.js";
import {openForm} from "./claimform.js";
import {addressParts, setAddress} from "./keeping.js";
import {middle, placeAt, toGridAt} from "./ground.js";
import {problemItem} from "./notice.js";

const REACH = 12;

// Returns a function that tells whether a claim is being written.
export function offerPointing(preview, { free }) {
  const { words } = preview;
  const bar = node("div", { class: "preview-bar" });
  const add = node("button", { type: "button", class: "preview-button preview-add", "aria-pressed": "false" }, words.add);
  const said = node("p", { class: "preview-said", role: "status" });
  bar.append(add, said);
  document.body.append(bar);
  const box = document.querySelector(".map-box");
  let form = null;
  let dot = null;

  function aim(on) {
    add.setAttribute("aria-pressed", String(on));
    box.classList.toggle("preview-aiming", on);
    said.textContent = on ? words.aim : "";
    if (on) document.querySelector(".map").focus({ preventScroll: true });
  }

  const isAiming = () => box.classList.contains("preview-aiming");

  async function take(x, y) {
    aim(false);
    close();
    said.textContent = words.looking;
    const [gridX, gridY] = toGridAt(x, y);
    dot = drawn("path", { class: "preview-dot", d: `M${gridX} ${gridY}h0` }, document.querySelector(".canvas .claims-drawn"));
    const found = await ask(preview, "point", placeAt(x, y, REACH));
    said.textContent = "";
    if (found.problems) {
      said.replaceChildren(...found.problems.map(problemItem));
      dot.remove();
      return;
    }
    form = openForm(preview, found, { close, saved });
  }

  function close() {
    form?.remove();
    dot?.remove();
    form = dot = null;
    add.focus({ preventScroll: true });
    free();
  }

  function saved(id) {
    said.textContent = words.saved;
    const { at, rest } = addressParts();
    setAddress(id, at, rest);
    close();
  }

  add.addEventListener("click", () => aim(!isAiming()));
  // Before the map's own script: while aiming, a click opens no claim.
  for (const type of ["click", "dblclick"]) {
    box.addEventListener(type, (event) => {
      if (!isAiming() || event.target.closest(".controls, .legend")) return;
      event.stopPropagation();
      event.preventDefault();
      if (type === "click") take(event.clientX, event.clientY);
    }, { capture: true });
  }
  document.addEventListener("keydown", (event) => {
    if (!isAiming() || event.target.closest(".preview-bar, .controls")) return;
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    if (event.key === "Enter") take(...middle());
    else aim(false);
  }, { capture: true });
  return () => form !== null;
}
