// A map of what changed between two editions: marks that changed have a ring, withdrawn claims are on the map.
import {register} from "./features.js";

register(({ data, stage }) => {
  data.changes.forEach((kinds, index) => {
    if (!kinds.length) return;
    stage.mark(index, "is-changed", true);
    if (!kinds.includes("withdrawn")) return;
    stage.mark(index, "is-withdrawn", true);
    stage.show(index, true);
  });
  stage.place();
});
