// What a page may have and another one not: each such part is a module of its own, in the page only where the project uses it.
// It registers an extension, which main.js calls with the page's parts once the map is drawn.

const extensions = [];

// `extension` takes `app`: {data, frame, area, view, stage, panel, open, opened, remember}, and what other extensions have added.
export function register(extension) {
  extensions.push(extension);
}

export function extend(app) {
  for (const extension of extensions) extension(app);
}
