// Buttons, scale bar, and the wheel that does not take the page's scrolling away.
import {say} from "./dom.js";
import {groundDistance} from "./projection.js";

const ROUND = [1, 2, 3, 5, 10];

export function makeControls(area, acts) {
  for (const button of area.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => acts[button.dataset.do]());
  }
}

// What scrolls by itself can be reached without a pointer as long as it does.
export function reachScrolling(elements) {
  const look = ({ target }) => {
    if (target.scrollHeight > target.clientHeight + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  };
  const sizes = new ResizeObserver((entries) => entries.forEach(look));
  for (const element of elements) sizes.observe(element);
}

export function drawScale(area, map, words, degreesAt) {
  const size = map.getSize();
  const middle = size.y / 2;
  const span = 100;
  const metres = groundDistance(degreesAt([size.x / 2 - span / 2, middle]), degreesAt([size.x / 2 + span / 2, middle]));
  const most = (metres / span) * 120;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = ROUND.filter((step) => step * power <= most).pop() * power;
  const text = length >= 1000 ? say(words.kilometres, { value: length / 1000 }) : say(words.metres, { value: length });
  area.querySelector(".scale-text").textContent = text;
  area.querySelector(".scale-bar").style.width = ((length / metres) * span).toFixed(1) + "px";
}

function isFramed() {
  try {
    return window.top !== window.self;
  } catch {
    return true;
  }
}

// Shows a hint over the map for a moment.
export function makeHint(area) {
  const hint = area.querySelector(".hint");
  let fading = 0;
  return (text) => {
    hint.textContent = text;
    hint.classList.add("shown");
    window.clearTimeout(fading);
    fading = window.setTimeout(() => hint.classList.remove("shown"), 1400);
  };
}

// In a frame, or on a page that scrolls, the wheel zooms with Ctrl or after a click into the map; else a hint says so.
export function guardWheel(area, words) {
  const hint = makeHint(area);
  let engaged = false;
  area.addEventListener("pointerdown", () => (engaged = true));
  area.addEventListener("pointerleave", () => (engaged = false));
  area.addEventListener("wheel", (event) => {
    const scrolls = document.documentElement.scrollHeight > window.innerHeight + 1;
    if (engaged || event.ctrlKey || event.metaKey || !(isFramed() || scrolls)) return;
    event.stopPropagation();
    hint(/Mac|iPhone|iPad/.test(navigator.platform) ? words.wheel_mac : words.wheel);
  }, { capture: true, passive: true });
}
