// Facets: for each, the values that claims have, how many claims there would be, and which are chosen. Any of the values chosen in
// a facet will do; every facet has its say.
import {keepInAddress} from "./address.js";
import {figure, node, say} from "./dom.js";

// `facets` are {key, title, values, of}: a value is a text or [id, text], `of` has the numbers of each claim's values.
export function makeFacets(facets, filter, words) {
  const all = facets.map((facet) => makeFacet(facet, filter));
  return {
    fill: (drawer) => {
      if (!drawer.firstChild) drawer.append(...all.map((facet) => facet.draw()));
    },
    count: () => all.forEach((facet) => facet.count()),
    chips: () => all.flatMap((facet) => facet.chips(words)),
  };
}

function makeFacet({ key, title, values, of }, filter) {
  const ids = values.map((value) => (Array.isArray(value) ? value[0] : value));
  const texts = values.map((value) => (Array.isArray(value) ? value[1] : value));
  const owned = of.map((own) => (Array.isArray(own) ? own : [own]));
  const chosen = new Set();
  const box = node("details", { class: "facet" });
  let rows = null;

  function choose() {
    filter.set({ [key]: chosen.size ? (index) => owned[index].some((value) => chosen.has(value)) : null });
  }

  function flip(value) {
    if (!chosen.delete(value)) chosen.add(value);
    choose();
  }

  keepInAddress(key, {
    filters: true,
    write: () => [...chosen].sort((a, b) => a - b).map((value) => ids[value]),
    read: (wanted) => {
      chosen.clear();
      for (const id of wanted) if (ids.includes(id)) chosen.add(ids.indexOf(id));
      choose();
    },
  });

  function drawRow(text, value) {
    const row = node("label", { class: "choice" });
    const input = node("input", { type: "checkbox" });
    const number = node("span", { class: "number" });
    input.addEventListener("change", () => flip(value));
    row.append(input, node("span", { dir: "auto" }, text), number);
    return { row, input, number };
  }

  function count() {
    if (!rows) return;
    const counts = values.map(() => 0);
    owned.forEach((own, index) => {
      if (filter.passesBut(key, index)) for (const value of own) counts[value]++;
    });
    rows.forEach(({ row, input, number }, value) => {
      number.textContent = figure(counts[value]);
      input.checked = chosen.has(value);
      row.hidden = !counts[value] && !chosen.has(value);
    });
  }

  return {
    count,
    // Rows are made when the facet is first laid open.
    draw() {
      box.append(node("summary", {}, title));
      box.addEventListener("toggle", () => {
        if (!rows) {
          rows = texts.map(drawRow);
          const list = node("div", { class: "choices", role: "group", "aria-label": title });
          list.append(...rows.map(({ row }) => row));
          box.append(list);
        }
        count();
      });
      return box;
    },
    chips: (words) => [...chosen].map((value) => {
      const chip = node("button", { type: "button", class: "chip", "aria-label": say(words.unchoose, { text: `${title}: ${texts[value]}` }) });
      chip.append(node("span", { dir: "auto" }, texts[value]));
      chip.addEventListener("click", () => flip(value));
      return chip;
    }),
  };
}
