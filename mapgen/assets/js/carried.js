// The project that the page carries, unpacked when it is first asked for: {title, settings, sources, annotations}, as its files say it.
import {inflate} from "./arcs.js";
import {readJson} from "./dom.js";

let unpacked = null;

export function readProject() {
  unpacked ??= unpackProject();
  return unpacked;
}

async function unpackProject() {
  const bytes = await inflate(readJson(document.getElementById("project-data")));
  const { project, sources, annotations } = JSON.parse(new TextDecoder().decode(bytes));
  return {
    settings: project,
    sources: new Map(sources.map((source) => [source.id, source])),
    claims: new Map(annotations.map((claim) => [claim.id, claim])),
  };
}
