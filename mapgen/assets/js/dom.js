// Builders for nodes. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function node(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function drawn(name, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

export function readJson(element) {
  return JSON.parse(element.textContent);
}

// The words of the page, with {names} filled in.
export function say(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function prefersStillness() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
