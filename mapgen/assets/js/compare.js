// Comparing: the claims that bear on the open one stay as clear as it on the map, and both are one click from being seen together.
import {node} from "./dom.js";
import {register} from "./features.js";

register((app) => {
  const { data, panel, stage, view } = app;
  const links = panel.entries.map((entry) => [...entry.querySelectorAll(".related a")]);
  const kinOf = links.map((own) => own.map((link) => panel.indexOf(link.hash.slice(1))));
  let marked = [];

  links.forEach((own, index) => own.forEach((link, place) => {
    const button = node("button", { type: "button", class: "both" }, data.words.both);
    button.addEventListener("click", () => showBoth(index, kinOf[index][place]));
    link.after(" ", button);
  }));

  // Shows all locations of two claims, also of one that the filter or its status hides.
  function showBoth(...both) {
    for (const index of both) stage.show(index, true);
    const boxes = both.flatMap((index) => stage.marksOf(index).map(({ box }) => box));
    const least = (key) => Math.min(...boxes.map((box) => box[key]));
    const most = (key) => Math.max(...boxes.map((box) => box[key]));
    view.show([least("x0"), least("y0"), most("x1"), most("y1")], { margin: 40, closest: view.map.getZoom(), animate: true });
    stage.place();
  }

  app.onOpen((index) => {
    for (const kin of marked) stage.mark(kin, "kin", false);
    marked = index === null ? [] : kinOf[index];
    for (const kin of marked) stage.mark(kin, "kin", true);
  });
});
