// The guided way: the steps that the list holds as text stand above the map, one at a time. Each opens its claim or shows its part of
// the map, with its layers. Arrow keys lead on and back while the story has the focus.
import {keepInAddress} from "./address.js";
import {node, say} from "./dom.js";
import {register} from "./features.js";

register((app) => {
  const { area, data, panel, view } = app;
  const { story, words } = data;
  const box = document.querySelector(".story");
  const steps = [...box.querySelectorAll(".step")];
  const bar = node("div", { class: "story-bar" });
  const [back, on, leave] = [["previous", () => go(at - 1)], ["next", () => go(at + 1)], ["leave", () => go(-1)]].map(([name, act]) => makeStoryButton(name, words[name], act));
  const start = makeStoryButton("start", say(words.start, { count: story.length }), () => go(0));
  const progress = node("progress", { max: story.length, "aria-hidden": "true" });
  const place = node("span", { class: "story-place", role: "status" });
  bar.append(start, back, place, progress, on, leave);
  box.append(bar);
  area.prepend(box);
  // Above the map it is no part of the list any more.
  box.querySelector("h3").setAttribute("aria-level", "2");
  let at = -1;

  function makeStoryButton(name, text, act) {
    const button = node("button", { type: "button", class: "story-" + name }, text);
    button.addEventListener("click", act);
    return button;
  }

  function show() {
    const told = at >= 0;
    box.classList.toggle("told", told);
    steps.forEach((step, index) => (step.hidden = index !== at));
    start.hidden = told;
    for (const each of [back, on, leave, progress, place]) each.hidden = !told;
    back.disabled = at === 0;
    on.disabled = at === story.length - 1;
    progress.value = at + 1;
    place.textContent = told ? say(words.progress, { step: at + 1, count: story.length }) : "";
  }

  // Goes to a step, or leaves the story for the map as it was opened.
  function go(wanted) {
    if (wanted === at || wanted < -1 || wanted >= story.length) return;
    const held = box.contains(document.activeElement);
    at = wanted;
    show();
    const { claim, extent, layers } = story[at] || {};
    const names = layers || data.layers.map(({ name }) => name);
    app.showLayers(data.layers.map(({ name }) => names.includes(name)));
    const index = claim === undefined ? null : panel.indexOf(claim);
    app.open(index);
    if (extent) view.show(view.boxOf(extent), { margin: 8, animate: true });
    else if (index === null) app.home(true);
    if (held && (document.activeElement === document.body || document.activeElement.disabled || document.activeElement.hidden)) (at < 0 ? start : on.disabled ? back : on).focus();
    app.remember();
  }

  box.addEventListener("keydown", (event) => {
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (at < 0 || ![forward, backward].includes(event.key)) return;
    event.preventDefault();
    go(Math.max(0, at + (event.key === forward ? 1 : -1)));
  });
  keepInAddress("step", {
    write: () => (at < 0 ? [] : [String(at + 1)]),
    read: ([step]) => go(/^[1-9]\d*$/.test(step) ? Math.min(Number(step), story.length) - 1 : -1),
  });
  show();
});
