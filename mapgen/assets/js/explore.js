// Searching and filtering: a field for words, facets behind a button, what is chosen, and the way out where nothing is found.
import {clearFilters, keepInAddress} from "./address.js";
import {node} from "./dom.js";
import {makeFacets} from "./facets.js";
import {register} from "./features.js";
import {foldText, queryTest} from "./filter.js";
import {makeDrawer, toolRow} from "./tools.js";

const SEARCHED = ".claim-text, .byline, blockquote, .placements, dd > a, dd[dir]";

register((app) => {
  const { data, filter, panel } = app;
  const { words } = data;
  const row = toolRow(app);
  const field = node("input", { type: "search", class: "query", "aria-label": words.search, placeholder: words.search });
  row.append(field);
  const facets = makeFacets(data.facets, filter, words);
  const { drawer } = makeDrawer(row, "facets", words.filter, facets.fill);
  const chosen = node("p", { class: "chosen" });
  const nothing = node("p", { class: "nothing" }, words.nothing + " ");
  nothing.append(makeReset(words.show_all));
  drawer.after(chosen, nothing);

  let texts = null;
  function index() {
    texts ??= panel.entries.map((entry) => foldText(Array.from(entry.querySelectorAll(SEARCHED), (part) => part.textContent).join("\n")));
  }

  function search() {
    index();
    filter.set({ words: queryTest(field.value, texts) });
  }

  function makeReset(text) {
    const button = node("button", { type: "button", class: "reset" }, text);
    button.addEventListener("click", () => {
      clearFilters();
      field.focus();
    });
    return button;
  }

  // Texts are folded once, before the first key is pressed.
  field.addEventListener("focus", () => setTimeout(index), { once: true });
  field.addEventListener("input", search);
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") panel.heads.find((_, claim) => filter.passes(claim))?.focus();
  });
  keepInAddress("q", {
    filters: true,
    write: () => [field.value.trim()].filter(Boolean),
    read: ([text = ""]) => {
      field.value = text;
      search();
    },
  });

  function tell() {
    nothing.hidden = data.claims.some((_, claim) => filter.passes(claim));
    facets.count();
    const held = chosen.contains(document.activeElement);
    chosen.replaceChildren(...facets.chips(), ...(filter.isOpen() ? [] : [makeReset(words.reset)]));
    if (held) (chosen.querySelector("button") || field).focus();
  }
  filter.follow(tell);
  tell();
});
