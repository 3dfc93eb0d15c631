// The form of a new claim: its place, its fields with their values, and the text that will stand in the file.
import {node, say} from "./dom.js";
import {ask} from "./asking.js";
import {problemItem} from "./notice.js";

const PAUSE = 250;

export function openForm(preview, { choices, fields, files }, { close, saved }) {
  const { words } = preview;
  const form = node("form", { class: "preview-form", "aria-label": words.heading, novalidate: "" });
  const inputs = new Map();
  const places = node("fieldset", { class: "preview-places" });
  places.append(node("legend", {}, words.where));
  choices.forEach(({ text }, index) => places.append(placeChoice(text, index)));
  const more = node("details");
  more.append(node("summary", {}, words.more));
  const first = node("div");
  for (const field of fields) (field.first ? first : more).append(fieldRow(field, inputs, words));
  const file = node("select", { name: "file", "aria-label": words.file });
  for (const name of files) file.append(node("option", { value: name }, name));
  const text = node("pre", { class: "preview-yaml", tabindex: "0", "aria-label": words.yaml, dir: "ltr" });
  const wrong = node("ul", { class: "preview-problems", role: "status" });
  const save = node("button", { type: "submit", class: "preview-button preview-save" });
  const cancel = node("button", { type: "button", class: "preview-button" }, words.cancel);
  const title = node("h2", {}, words.heading);
  const buttons = node("p", { class: "preview-buttons" });
  buttons.append(save, cancel);
  form.append(title, places, first, more, ...(files.length > 1 ? [labelled(words.file, file)] : []));
  form.append(node("p", { class: "preview-label" }, words.yaml), text, wrong, buttons);
  document.body.append(form);

  let digest = "";
  // What is still missing is no mistake before anything is written.
  let touched = false;
  let waiting = 0;
  let asked = 0;

  function question() {
    const chosen = Number(new FormData(form).get("where"));
    const values = Object.fromEntries([...inputs].map(([name, input]) => [name, input.value]));
    return { where: choices[chosen].where, fields: values, file: file.value, digest };
  }

  function tell(problems) {
    wrong.replaceChildren(...problems.map(problemItem));
  }

  async function draft() {
    save.textContent = say(words.save, { file: file.value });
    const number = ++asked;
    const answer = await ask(preview, "draft", question());
    if (number !== asked) return;
    if (answer.yaml) {
      text.textContent = answer.yaml;
      inputs.get("id").placeholder = answer.id;
      digest = answer.digest;
    }
    tell(touched ? answer.problems || [] : []);
  }

  form.addEventListener("input", () => {
    touched = true;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(draft, PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    touched = true;
    window.clearTimeout(waiting);
    await draft();
    if (wrong.children.length) return;
    save.disabled = true;
    const answer = await ask(preview, "save", question());
    save.disabled = false;
    if (answer.saved) saved(answer.saved);
    else tell(answer.problems || []);
  });
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
  });
  cancel.addEventListener("click", close);
  draft();
  inputs.get("claim").focus();
  return form;
}

function placeChoice(text, index) {
  const label = node("label");
  const radio = node("input", { type: "radio", name: "where", value: index });
  radio.checked = index === 0;
  label.append(radio, node("span", { dir: "auto" }, text));
  return label;
}

function fieldRow({ name, kind, values, required, about }, inputs, words) {
  const input = node(kind === "choice" ? "select" : kind === "long" ? "textarea" : "input", { name, title: about, autocomplete: "off", dir: "auto" });
  if (kind === "choice") {
    if (!required || values.length > 1) input.append(node("option", { value: "" }, required ? words.choose : ""));
    for (const [value, text] of values) input.append(node("option", { value }, value === text ? value : value + " · " + text));
  }
  if (required) input.required = true;
  inputs.set(name, input);
  return labelled(required ? name : name + " (" + words.optional + ")", input);
}

function labelled(text, input) {
  const label = node("label", { class: "preview-label" }, text);
  label.append(input);
  return label;
}
