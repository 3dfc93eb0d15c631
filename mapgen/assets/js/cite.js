// Citing: the address of a claim and of what is shown, a citation, and the claims shown as files. All of it is made in the page.
import {readProject} from "./carried.js";
import {node, say} from "./dom.js";
import {csvText, geojsonText, saveText} from "./download.js";
import {register} from "./features.js";
import {makeDrawer, toolRow} from "./tools.js";

// Pages in a frame without an address have none to copy.
const HAS_ADDRESS = window.location.protocol !== "about:";

register((app) => {
  const { data, filter, panel } = app;
  const { words } = data;
  const said = document.querySelector(".said");

  function makeAct(text, act) {
    const button = node("button", { type: "button", class: "act" }, text);
    button.addEventListener("click", () => act(button));
    return button;
  }

  // Tells that a text was copied; where nothing may copy it, shows it to be copied by hand.
  async function copy(text, button) {
    const name = button.textContent;
    if (!(await copyText(text))) return showText(text, button);
    button.textContent = said.textContent = words.copied;
    setTimeout(() => (button.textContent = name), 1600);
  }

  function showText(text, button) {
    const box = node("textarea", { class: "by-hand", rows: "4", readonly: "", "aria-label": words.by_hand });
    box.value = text;
    button.parentElement.querySelector(".by-hand")?.remove();
    button.parentElement.append(box);
    box.select();
  }

  const addressTo = (id) => window.location.href.split("#")[0] + "#" + id;

  function actsOf(index) {
    const { id } = data.claims[index];
    const acts = node("div", { class: "acts" });
    if (HAS_ADDRESS) acts.append(makeAct(words.copy_link, (button) => copy(addressTo(id), button)));
    acts.append(makeAct(words.copy_citation, async (button) => copy(citation(await readProject(), id), button)));
    return acts;
  }

  // Speaker, claim, source, publisher, date, archived copy, map: what the record has, in the order of the catalogue's words.
  function citation({ settings, sources, claims }, id) {
    const claim = claims.get(id);
    const source = sources.get(claim.source);
    const speaker = [claim.speaker?.name, claim.speaker?.role].filter(Boolean).join(", ") || words.nobody;
    const date = source.date || words.no_date;
    const published = [source.author, source.title, source.publisher, date].filter(Boolean).join(", ");
    const title = document.querySelector("h1").textContent;
    return [
      say(words.said, { speaker, claim: claim.quote ? say(words.quoted, { text: claim.quote }) : claim.claim }),
      say(words.published, { source: published }),
      source.archive_url || source.url ? say(source.archive_url ? words.archived : words.address, { url: source.archive_url || source.url }) : "",
      say(words.on_map, { title, as_of: settings.as_of ? say(words.as_of, { date: settings.as_of }) : words.no_as_of }),
      HAS_ADDRESS ? addressTo(id) : "",
    ].filter(Boolean).join(" ");
  }

  // The claims that pass the filter, with their numbers on the map.
  async function shownClaims() {
    const { sources, claims } = await readProject();
    return data.claims.map(({ id, number }, index) => ({ index, number, claim: claims.get(id), source: sources.get(claims.get(id).source) }))
      .filter(({ index }) => filter.passes(index));
  }

  function fill(drawer) {
    if (drawer.firstChild) return;
    const name = document.title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
    const acts = node("div", { class: "acts" });
    if (HAS_ADDRESS) acts.append(makeAct(words.copy_view, (button) => copy(window.location.href.split("#")[0] + app.state(), button)));
    acts.append(
      makeAct(words.save_csv, async () => saveText(name + ".csv", "text/csv", csvText(await shownClaims()))),
      makeAct(words.save_geojson, async () => {
        const notice = Array.from(document.querySelectorAll(".foot p"), (line) => line.textContent);
        saveText(name + ".geojson", "application/geo+json", geojsonText(await shownClaims(), app, [words.generalised, ...notice]));
      }),
    );
    drawer.append(acts);
  }

  makeDrawer(toolRow(app), "save", words.save, fill);
  const made = new Set();
  app.onOpen((index) => {
    if (index === null || made.has(index)) return;
    made.add(index);
    panel.entries[index].querySelector(".claim-body").append(actsOf(index));
  });
});

// By the clipboard, or where a frame may not use it, by way of a field; tells whether it worked.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.activeElement;
    const field = node("textarea", { class: "said", readonly: "" });
    field.value = text;
    document.body.append(field);
    field.select();
    const worked = document.execCommand("copy");
    field.remove();
    held?.focus({ preventScroll: true });
    return worked;
  }
}
