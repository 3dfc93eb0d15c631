// Claims as files: CSV that no spreadsheet runs, and GeoJSON with the lines as this map draws them.
import {node} from "./dom.js";

const FORMULA = /^['=+\-@\t\r]/;
const TEXTS = ["id", "layer", "status", "claim", "quote", "date", "likelihood", "analytic_confidence", "source_reliability", "info_credibility", "note", "analyst"];
const SOURCE = ["title", "author", "publisher", "date", "url", "archive_url"];

// What a row or a feature says of a claim; keys are those of the project's files.
function fieldsOf({ number, claim, source }) {
  const fields = { number };
  for (const key of TEXTS) fields[key] = claim[key];
  fields.status ??= "asserted";
  for (const key of ["name", "role"]) fields["speaker_" + key] = claim.speaker?.[key];
  fields.source = source.id;
  for (const key of SOURCE) fields["source_" + key] = source[key];
  return fields;
}

export function csvText(claims) {
  const rows = claims.map(fieldsOf);
  const places = claims.map(({ claim }) => JSON.stringify(claim.where));
  const names = rows.length ? Object.keys(rows[0]) : [];
  const lines = rows.map((row, index) => [...names.map((name) => row[name]), places[index]].map(cell).join(","));
  return "\ufeff" + [[...names, "where"].join(","), ...lines, ""].join("\r\n");
}

// A cell that a spreadsheet could take for a formula gets an apostrophe.
function cell(value) {
  const text = String(value ?? "");
  const safe = typeof value === "string" && FORMULA.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

export function geojsonText(claims, { stage, view }, notice) {
  const features = claims.map((each) => {
    const geometries = stage.marksOf(each.index).map((location) => geometryOf(location, stage, view));
    const properties = Object.fromEntries(Object.entries(fieldsOf(each)).filter(([, value]) => value !== undefined));
    const geometry = geometries.length === 1 ? geometries[0] : { type: "GeometryCollection", geometries };
    return { type: "Feature", id: each.claim.id, properties: { ...properties, where: each.claim.where }, geometry };
  });
  return JSON.stringify({ type: "FeatureCollection", notice, features }, null, 1);
}

// Areas have their outlines, cut as every line is where longitude 180 lies.
function geometryOf({ anchor, path, arcs, rings }, stage, view) {
  const degrees = ([x, y]) => view.toDegrees(x, y).map((value) => +value.toFixed(4));
  const lines = path ? [path] : arcs ? stage.lines(arcs) : rings?.map((ring) => stage.lines(ring).flat());
  if (!lines) return { type: "Point", coordinates: degrees(anchor) };
  return { type: "MultiLineString", coordinates: lines.flatMap((line) => cutLine(line.map(degrees))) };
}

function cutLine(points) {
  const parts = [[]];
  points.forEach((point, index) => {
    if (index && Math.abs(point[0] - points[index - 1][0]) > 180) parts.push([]);
    parts[parts.length - 1].push(point);
  });
  return parts.filter((part) => part.length > 1);
}

export function saveText(name, type, text) {
  const link = node("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
