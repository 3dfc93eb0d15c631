// The dates on a timeline: a bar from the first to the last day that a claim's date can mean, broken where it is uncertain or about,
// pointed where an end is open; columns of counts where there are too many. Under them the years, months or days.
import {drawn, inLanguage, node} from "./dom.js";

const LANE = 7;
const LANES = 5;
const HEIGHT = LANE * LANES;
const LEAST = 4;
const DAY_MS = 86400000;
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000];
const TICK = 64;

export function drawDates(track, times, [start, end], { filter, claims }) {
  const svg = drawn("svg", { class: "dates", "aria-hidden": "true", height: HEIGHT });
  const ticks = node("div", { class: "ticks", "aria-hidden": "true" });
  track.prepend(svg, ticks);
  const dated = times.flatMap((time, index) => (time ? [index] : [])).sort((a, b) => (times[a][0] ?? -Infinity) - (times[b][0] ?? -Infinity));
  let groups = [];
  let size = 0;

  const xOf = (day) => ((day - start) / (end - start)) * size;

  function draw() {
    size = track.clientWidth;
    svg.setAttribute("viewBox", `0 0 ${size} ${HEIGHT}`);
    const lanes = layLanes();
    groups = lanes ? lanes : null;
    drawTicks();
    shade();
  }

  // Puts each bar into the first lane that is free there; nothing if there are too few lanes.
  function layLanes() {
    const free = new Array(LANES).fill(-Infinity);
    const bars = [];
    for (const index of dated) {
      const [first, last, mark] = times[index];
      const left = xOf(first ?? start);
      const right = Math.max(left + LEAST, xOf(last === null ? end : last + 1));
      const lane = free.findIndex((taken) => taken <= left);
      if (lane < 0) return null;
      free[lane] = right + 2;
      bars.push({ index, mark, shape: bar(left, right, lane * LANE + 1, first === null, last === null) });
    }
    return bars;
  }

  // Redraws with what the filter shows in full, the rest pale.
  function shade() {
    const paths = new Map();
    const put = (kind, shape) => paths.set(kind, (paths.get(kind) || "") + shape);
    if (groups) {
      for (const { index, mark, shape } of groups) {
        const pale = filter.passesBut("time", index) ? (filter.passes(index) ? "" : " pale") : " out";
        put(`bar layer-${claims[index].layer % 5}${mark ? " unsure" : ""}${pale}`, shape);
      }
    } else {
      put("column pale", columns(() => true));
      put("column", columns(filter.passes));
    }
    svg.replaceChildren(...[...paths].sort().map(([kind, d]) => drawn("path", { class: kind, d })));
  }

  // How many dates lie in each fiftieth of the time, as columns.
  function columns(test) {
    const bins = new Array(Math.max(10, Math.floor(size / 8))).fill(0);
    const binOf = (day) => Math.max(0, Math.min(bins.length - 1, Math.floor(((day - start) / (end - start)) * bins.length)));
    const all = bins.slice();
    for (const index of dated) {
      const [first, last] = times[index];
      const on = test(index);
      for (let bin = binOf(first ?? start); bin <= binOf(last ?? end); bin++) {
        all[bin]++;
        if (on) bins[bin]++;
      }
    }
    const most = Math.max(1, ...all);
    const wide = size / bins.length;
    return bins.map((count, bin) => count && `M${(bin * wide).toFixed(1)} ${HEIGHT}h${(wide - 1).toFixed(1)}v${((-HEIGHT * count) / most).toFixed(1)}h${(1 - wide).toFixed(1)}z`).filter(Boolean).join("");
  }

  function drawTicks() {
    const months = (end - start) / 30.4;
    const every = MONTHS.find((step) => (months / step) * TICK < size) || 12000;
    const days = months * TICK < size / 2;
    const form = days ? { day: "numeric", month: "short" } : every < 12 ? { month: "short", year: "numeric" } : { year: "numeric" };
    const text = inLanguage(Intl.DateTimeFormat, { ...form, timeZone: "UTC", calendar: "gregory" });
    const gap = days ? Math.ceil(((end - start) * TICK) / size) : 1;
    const first = new Date(start * DAY_MS);
    const made = [];
    for (let k = 0; k < 400; k++) {
      const month = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / every) * every + k * every;
      const date = new Date(0);
      date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
      const day = days ? start + k * gap : Math.round(date / DAY_MS);
      if (day > end) break;
      if (day < start || xOf(day) > size - 30) continue;
      const tick = node("span", {}, text.format(day * DAY_MS));
      tick.style.insetInlineStart = (100 * xOf(day)) / size + "%";
      made.push(tick);
    }
    ticks.replaceChildren(...made);
  }

  new ResizeObserver(draw).observe(track);
  draw();
  return { shade };
}

function bar(left, right, top, openStart, openEnd) {
  const high = LANE - 2;
  const tip = Math.min(4, (right - left) / 2);
  const [a, b] = [left + (openStart ? tip : 0), right - (openEnd ? tip : 0)].map((x) => x.toFixed(1));
  const ends = [openEnd ? `L${right.toFixed(1)} ${top + high / 2}` : "", openStart ? `L${left.toFixed(1)} ${top + high / 2}` : ""];
  return `M${a} ${top}L${b} ${top}${ends[0]}L${b} ${top + high}L${a} ${top + high}${ends[1]}z`;
}
