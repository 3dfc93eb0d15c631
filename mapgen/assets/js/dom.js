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

// Something of Intl's in the page's language; a tag that browsers do not know is as good as English.
export function inLanguage(Kind, options) {
  try {
    return new Kind(document.documentElement.lang || "en", options);
  } catch {
    return new Kind("en", options);
  }
}

// A number as the page's language writes it.
const figures = inLanguage(Intl.NumberFormat);

export function figure(value) {
  return typeof value === "number" ? figures.format(value) : value;
}

// The words of the page, with {names} filled in; a count chooses among the plural forms of its language.
const plurals = inLanguage(Intl.PluralRules);

export function say(template, values = {}) {
  const text = typeof template === "string" ? template : (template[plurals.select(values.count)] ?? template.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(figure(values[name])) : whole));
}

export function prefersStillness() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
