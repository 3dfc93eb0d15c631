// In a frame, the map tells the page around it how high it wants to be, and leaves it the swipe of one finger.
import {makeHint} from "./controls.js";
import {node} from "./dom.js";

// Pixels: the bar of the list, the height up to which a small frame has one, what maps are high at most and at least.
const BAR = 34;
const SMALL = 599;
const MAP = [340, 620];

export function fitFrame(area, map, words) {
  if (window.parent === window) return;
  const root = document.documentElement;
  root.classList.add("framed");
  if (/^(https?|file):$/.test(window.location.protocol)) {
    const whole = node("a", { class: "whole", rel: "noopener", href: window.location.href }, words.whole);
    // The address of the state that is seen when it is followed.
    whole.addEventListener("click", () => (whole.href = window.location.href));
    root.querySelector(".panel-title").append(whole);
  }
  for (const link of root.querySelectorAll("a[rel~=noopener]")) link.target = "_blank";
  // A map that the page around it carries has no other maps beside it.
  if (window.location.protocol === "about:") root.querySelector(".maps")?.remove();
  if (window.matchMedia("(pointer: coarse)").matches) {
    map.dragging.disable();
    const hint = makeHint(area);
    area.addEventListener("touchmove", ({ touches }) => touches.length < 2 && hint(words.touch), { passive: true });
  }
  const high = (name) => root.querySelector(name).offsetHeight;
  let told = 0;
  // By its width alone: what the answer changes asks for nothing new.
  function tell() {
    const { innerWidth: width } = window;
    if (width === told) return;
    told = width;
    const rest = high(".top") + high(".foot") + high(".map-area") - high(".map-box");
    const height = Math.min(Math.max(map.getSize().x * 0.62, MAP[0]), MAP[1]) + rest;
    window.parent.postMessage({ mapgen: Math.round(width > 760 ? height : Math.min(height + BAR, SMALL)) }, "*");
  }
  window.addEventListener("resize", tell);
  tell();
}
