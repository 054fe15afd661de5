// One query: what it is, where its time went, what every source gave, its plan.
import { h, count, bytes, seconds, size, table } from "./dom.js";
import { json, kill } from "./api.js";

function timeline(stats) {
  const parts = [["queued", seconds(stats.queuedTime), stats.queuedTime], ["planning", seconds(stats.planningTime), stats.planningTime], ["running", seconds(stats.executionTime), stats.executionTime]];
  const total = Math.max(parts.reduce((sum, part) => sum + part[1], 0), 1e-9);
  const bar = h("div", { class: "timeline", role: "img", "aria-label": parts.map(([name, , text]) => `${name} ${text}`).join(", ") });
  for (const [name, value] of parts) {
    const piece = h("div", { class: name, title: name });
    piece.style.width = `${(value / total) * 100}%`;
    bar.append(piece);
  }
  return [bar, h("p", { class: "faint" }, parts.map(([name, , text]) => `${name} ${text}`).join(" · "))];
}

export function query(place, id) {
  let timer;
  async function tick() {
    clearTimeout(timer);
    let q;
    try {
      q = await json(`/v1/query/${encodeURIComponent(id)}`);
    } catch (error) {
      place.replaceChildren(h("h1", {}, `Query ${id}`), h("p", { class: "error" }, "It is not known any more: only running queries and the last hundred are kept."));
      return;
    }
    const stats = q.queryStats, isDone = ["FINISHED", "FAILED"].includes(q.state);
    const sources = stats.sources || [];
    const slowest = sources.length ? sources.reduce((a, b) => (a.bytes > b.bytes ? a : b)) : null;
    place.replaceChildren(
      h("h1", {}, "Query ", q.queryId),
      h("div", { class: "tools" }, h("strong", { class: q.state }, q.state), isDone ? null : h("button", { type: "button", onclick: async () => { await kill(id); tick(); } }, "End this query"),
        h("a", { href: `/ui/#editor/${encodeURIComponent(q.query)}` }, "Open in the editor"), h("a", { href: `/v1/query/${encodeURIComponent(id)}` }, "JSON")),
      q.failureInfo ? h("p", { class: "error", role: "alert" }, `${q.errorCode.name}: ${q.failureInfo.message}`) : "",
      h("h2", {}, "Where the time went"), ...timeline(stats),
      h("p", {}, seconds(stats.planningTime) > seconds(stats.executionTime) ? "Most of the time went into planning: asking the sources about their tables."
        : slowest && slowest.bytes > 0 ? `Most bytes came from ${slowest.label}.` : ""),
      h("h2", {}, "Numbers"),
      h("dl", {}, [["User", q.session.user], ["Source", q.session.source || "–"], ["Catalog and schema", [q.session.catalog, q.session.schema].filter(Boolean).join(".") || "–"],
        ["Began", stats.createTime], ["Ended", stats.endTime || "–"], ["Elapsed", stats.elapsedTime], ["Rows read", count(stats.rawInputPositions)], ["Bytes read", bytes(size(stats.rawInputDataSize))],
        ["Rows yielded", count(stats.outputPositions)], ["Memory at its peak", bytes(size(stats.peakUserMemoryReservation))], ["Resource group", (q.resourceGroupId || []).join(".")]]
        .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      sources.length ? h("h2", {}, "Sources") : "",
      sources.length ? table([{ name: "Scan" }, { name: "Rows", class: "number" }, { name: "Bytes", class: "number" }],
        sources.map((source) => h("tr", {}, h("td", { class: "text" }, source.label), h("td", { class: "number" }, count(source.rows)), h("td", { class: "number" }, bytes(source.bytes))))) : "",
      h("h2", {}, "Text"), h("pre", {}, q.query),
      q.plan ? h("h2", {}, "Plan") : "", q.plan ? h("pre", { class: "plan", tabindex: 0 }, q.plan) : "");
    if (!isDone) timer = setTimeout(tick, 1000);
  }
  tick();
  return () => clearTimeout(timer);
}
