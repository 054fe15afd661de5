// The server at a glance: numbers of now, and how they moved during the last minutes.
import { h, bytes, count } from "./dom.js";
import { json } from "./api.js";

const LENGTH = 120;
const history = [];

const CARDS = [
  ["Running queries", (now) => now.runningQueries, count],
  ["Queued queries", (now) => now.queuedQueries, count],
  ["Rows read a second", (now, before) => rate(now, before, "totalInputRows"), (value) => count(Math.round(value))],
  ["Bytes read a second", (now, before) => rate(now, before, "totalInputBytes"), bytes],
  ["Memory held", (now) => now.reservedMemory, bytes],
  ["Processors busy", (now, before) => rate(now, before, "totalCpuTimeSecs"), (value) => value.toFixed(2)],
];

function rate(now, before, key) {
  return before && now.at > before.at ? Math.max(0, (now[key] - before[key]) / ((now.at - before.at) / 1000)) : 0;
}

function spark(values) {
  const top = Math.max(...values, 1e-9);
  const points = values.map((value, index) => `${(index / (LENGTH - 1)) * 100},${38 - (value / top) * 36}`).join(" ");
  return h("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", "aria-hidden": "true" }, h("polyline", { class: "spark", points }));
}

export function overview(place) {
  const cards = h("div", { class: "cards" });
  const totals = h("div", { class: "cards" });
  place.append(h("h1", {}, "Overview"), cards, h("h2", {}, "Since the server began"), totals);
  let timer;

  async function tick() {
    try {
      const now = { ...(await json("/ui/api/stats")), at: Date.now() };
      const before = history.at(-1);
      history.push({ ...now, shown: CARDS.map(([, value]) => value(now, before)) });
      if (history.length > LENGTH) history.shift();
      cards.replaceChildren(...CARDS.map(([name, , text], index) => h("div", { class: "card" },
        h("div", { class: "name" }, name), h("div", { class: "value" }, text(history.at(-1).shown[index])), spark(history.map((entry) => entry.shown[index])))));
      totals.replaceChildren(...[["Queries finished", count(now.finishedQueries)], ["Queries failed", count(now.failedQueries)], ["Rows read", count(now.totalInputRows)],
        ["Bytes read", bytes(now.totalInputBytes)], ["Processors", count(now.totalAvailableProcessors)], ["Memory limit", bytes(now.memoryLimit)], ["Process memory", bytes(now.residentBytes)]]
        .map(([name, value]) => h("div", { class: "card" }, h("div", { class: "name" }, name), h("div", { class: "value" }, value))));
    } catch (error) {
      cards.replaceChildren(h("p", { class: "error" }, String(error.message || error)));
    }
    timer = setTimeout(tick, 1000);
  }
  tick();
  return () => clearTimeout(timer);
}
