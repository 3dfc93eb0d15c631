// Puts the page into the language that its address asks for, before anything else of the page runs: texts, attributes and data
// that differ stand in a block of their own, as mapgen/switching.py writes them.
import {readJson} from "./dom.js";

function applyTo(value, change) {
  if (Array.isArray(change)) return change[0];
  for (const [key, inside] of Object.entries(change)) value[key] = applyTo(value[key], inside);
  return value;
}

function editText(element, at, text) {
  const before = at ? element.children[at - 1] : null;
  const after = before ? before.nextSibling : element.firstChild;
  if (after?.nodeType === Node.TEXT_NODE) after.data = text;
  else element.insertBefore(document.createTextNode(text), after);
}

function translatePage() {
  const wanted = /[#&]language=([\w-]+)/.exec(window.location.hash)?.[1];
  const choice = readJson(document.getElementById("page-languages")).find(({ language }) => language === wanted);
  if (!choice) return;
  const elements = [...document.getElementsByTagName("*")];
  let number = 0;
  for (const [step, attributes, texts] of choice.edits) {
    const element = elements[(number += step)];
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
    for (const [at, text] of Object.entries(texts)) editText(element, Number(at), text);
  }
  const block = document.getElementById("map-data");
  block.textContent = JSON.stringify(applyTo(readJson(block), choice.data));
}

translatePage();
