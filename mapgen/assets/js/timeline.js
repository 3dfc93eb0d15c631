// The timeline under the map: what each dated claim's date can mean, and a window that lets through what may lie in it. Undated
// claims stay, and say that they are undated.
import {keepInAddress} from "./address.js";
import {inLanguage, node, prefersStillness, say} from "./dom.js";
import {register} from "./features.js";
import {drawDates} from "./timelinebars.js";

const DAY = 86400000;
const PACE = 900;
const STRIDES = 60;

register((app) => {
  const { area, data, filter, panel } = app;
  const { times, words } = data;
  const known = times.filter(Boolean).flatMap(([first, last]) => [first, last]).filter((day) => day !== null);
  const margin = Math.max(1, Math.round((Math.max(...known) - Math.min(...known)) / 50));
  const whole = [Math.min(...known) - margin, Math.max(...known) + margin];
  const step = Math.max(1, Math.round((whole[1] - whole[0]) / STRIDES));
  const dayForm = inLanguage(Intl.DateTimeFormat, { dateStyle: "medium", timeZone: "UTC", calendar: "gregory" });
  const dayText = (day) => dayForm.format(day * DAY);
  let [from, to] = whole;
  let playing = 0;

  const box = node("section", { class: "timeline", "aria-label": words.time });
  const play = node("button", { type: "button", class: "play", "aria-label": words.play });
  const track = node("div", { class: "track" });
  const hold = node("div", { class: "hold" });
  const edges = ["from", "to"].map((name) => makeSlider(name, words[name]));
  hold.append(makeSlider("both", words.period));
  track.append(hold, ...edges);
  box.append(play, track);
  const undated = times.filter((time) => !time).length;
  if (undated) box.append(node("p", { class: "undated-note" }, say(words.undated_stay, { count: undated })));
  area.querySelector(".map-box").after(box);
  times.forEach((time, index) => {
    if (!time) panel.entries[index].querySelector(".byline").append(" · ", node("span", { class: "when" }, words.undated));
  });
  const bars = drawDates(track, times, whole, { filter, claims: data.claims });

  function makeSlider(name, label) {
    const slider = node("div", { class: "slider " + name, role: "slider", tabindex: "0", "aria-label": label });
    slider.addEventListener("keydown", (event) => {
      const rtl = document.dir === "rtl" ? -1 : 1;
      const moves = { ArrowLeft: -rtl, ArrowRight: rtl, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e6, End: 1e6 };
      if (!(event.key in moves)) return;
      event.preventDefault();
      stop();
      move(name, moves[event.key] * step);
    });
    return slider;
  }

  // Moves an edge, or the whole window, by days; it stays within the timeline and at least a step wide.
  function move(name, by, [start, end] = [from, to]) {
    if (name === "both") {
      const held = Math.max(whole[0] - start, Math.min(whole[1] - end, by));
      return choose(start + held, end + held);
    }
    if (name === "from") choose(Math.max(whole[0], Math.min(end - step, start + by)), end);
    else choose(start, Math.min(whole[1], Math.max(start + step, end + by)));
  }

  function choose(start, end) {
    if (start === from && end === to) return;
    [from, to] = [start, end];
    const all = from <= whole[0] && to >= whole[1];
    const test = (index) => !times[index] || ((times[index][0] ?? -Infinity) <= to && (times[index][1] ?? Infinity) >= from);
    filter.set({ time: all ? null : test });
  }

  function show() {
    const share = (day) => (100 * (day - whole[0])) / (whole[1] - whole[0]) + "%";
    track.style.setProperty("--from", share(from));
    track.style.setProperty("--to", share(to));
    const texts = [dayText(from), dayText(to)];
    [[edges[0], from, texts[0]], [edges[1], to, texts[1]], [hold.firstChild, from, texts.join(" – ")]].forEach(([slider, day, text]) => {
      const values = { valuemin: whole[0], valuemax: whole[1], valuenow: day, valuetext: text };
      for (const [name, value] of Object.entries(values)) slider.setAttribute("aria-" + name, value);
    });
    edges[0].dataset.day = texts[0];
    edges[1].dataset.day = texts[1];
    box.classList.toggle("chosen-time", from > whole[0] || to < whole[1]);
    bars.shade();
  }

  // Pointers drag what they press: an edge, the window, or on the empty track the nearer edge.
  track.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stop();
    const { left, right, width } = track.getBoundingClientRect();
    const rtl = document.dir === "rtl";
    const dayAt = ({ clientX }) => whole[0] + ((rtl ? right - clientX : clientX - left) / width) * (whole[1] - whole[0]);
    const begun = dayAt(event);
    const pressed = event.target.closest(".slider")?.classList[1] || (begun - from < to - begun ? "from" : "to");
    const before = [from, to];
    const jump = event.target.closest(".slider") ? 0 : begun - (pressed === "from" ? from : to);
    const drag = (moved) => move(pressed, Math.round(dayAt(moved) - begun + jump), before);
    drag(event);
    track.setPointerCapture(event.pointerId);
    track.addEventListener("pointermove", drag);
    track.addEventListener("lostpointercapture", () => track.removeEventListener("pointermove", drag), { once: true });
  });

  // A window that is not chosen yet begins at the first tenth. Where motion is unwanted, each press is one step.
  function advance() {
    const width = to - from;
    if (from <= whole[0] && to >= whole[1]) return choose(whole[0], whole[0] + Math.max(step, Math.round((whole[1] - whole[0]) / 10)));
    if (to >= whole[1]) {
      stop();
      return choose(whole[0], whole[0] + width);
    }
    move("both", Math.max(step, Math.round(width / 2)));
  }

  function stop() {
    window.clearInterval(playing);
    playing = 0;
    play.classList.remove("playing");
    play.setAttribute("aria-label", prefersStillness() ? words.next_period : words.play);
  }

  play.addEventListener("click", () => {
    if (playing) return stop();
    advance();
    if (prefersStillness()) return;
    playing = window.setInterval(advance, PACE);
    play.classList.add("playing");
    play.setAttribute("aria-label", words.pause);
  });
  stop();

  const isoDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  keepInAddress("time", {
    filters: true,
    write: () => (from > whole[0] || to < whole[1] ? [from, to].map(isoDay) : []),
    read: (days) => {
      const [start, end] = days.map((day) => Math.round(Date.parse(day) / DAY));
      const fits = days.length === 2 && start < end;
      choose(fits ? Math.max(whole[0], start) : whole[0], fits ? Math.min(whole[1], end) : whole[1]);
    },
  });
  filter.follow(show);
  show();
});
