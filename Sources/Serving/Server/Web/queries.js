// The list of queries: search, state, sort; what runs can be ended.
import { h, count, seconds, size, bytes, table } from "./dom.js";
import { json, kill } from "./api.js";

const COLUMNS = [
  { name: "State", value: (q) => q.state },
  { name: "Id", value: (q) => q.queryId },
  { name: "User", value: (q) => q.session.user, class: "hide-small" },
  { name: "Source", value: (q) => q.session.source || "", class: "hide-small" },
  { name: "Elapsed", value: (q) => seconds(q.queryStats.elapsedTime), text: (q) => q.queryStats.elapsedTime, class: "number" },
  { name: "Rows read", value: (q) => q.queryStats.rawInputPositions, text: (q) => count(q.queryStats.rawInputPositions), class: "number hide-small" },
  { name: "Memory", value: (q) => size(q.queryStats.peakUserMemoryReservation), text: (q) => bytes(size(q.queryStats.peakUserMemoryReservation)), class: "number hide-small" },
  { name: "Query", value: (q) => q.query },
];

export function queries(place) {
  let all = [];
  let sort = { index: 1, up: false };
  let timer;
  const search = h("input", { type: "search", placeholder: "Search text, user, source, id, error", "aria-label": "Search", oninput: draw, size: 32 });
  const state = h("select", { "aria-label": "State", onchange: draw }, ["All states", "QUEUED", "PLANNING", "RUNNING", "FINISHED", "FAILED"].map((name) => h("option", { value: name === "All states" ? "" : name }, name)));
  const list = h("div");
  place.append(h("h1", {}, "Queries"), h("div", { class: "tools" }, search, state), list);

  function draw() {
    const wanted = search.value.toLowerCase();
    const shown = all.filter((q) => (!state.value || q.state === state.value)
      && (!wanted || [q.query, q.queryId, q.session.user, q.session.source, q.errorCode && q.errorCode.name].join(" ").toLowerCase().includes(wanted)));
    const key = COLUMNS[sort.index].value;
    shown.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (sort.up ? 1 : -1));
    const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.getAttribute("data-key") : null;
    list.replaceChildren(table([...COLUMNS, { name: "" }], shown.map((q) => h("tr", {},
      COLUMNS.map((column) => h("td", { class: [column.class, column.name === "Query" ? "text" : "", column.name === "State" ? q.state : ""].join(" "), title: column.name === "Query" ? q.query.slice(0, 2000) : undefined },
        column.name === "Id" ? h("a", { href: `/ui/#query/${encodeURIComponent(q.queryId)}`, "data-key": "a" + q.queryId }, q.queryId)
          : column.name === "State" && q.errorCode ? q.errorCode.name : column.text ? column.text(q) : column.value(q))),
      h("td", {}, ["FINISHED", "FAILED"].includes(q.state) ? null : h("button", { type: "button", "data-key": "k" + q.queryId, onclick: async () => { await kill(q.queryId); tick(); } }, "End")))),
      sort, (index) => { sort = { index, up: sort.index === index ? !sort.up : true }; draw(); }));
    if (shown.length === 0) list.append(h("p", { class: "faint" }, "No queries."));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  async function tick() {
    clearTimeout(timer);
    try {
      all = await json("/v1/query");
      draw();
    } catch (error) {
      list.replaceChildren(h("p", { class: "error" }, error.message));
    }
    timer = setTimeout(tick, 2000);
  }
  tick();
  return () => clearTimeout(timer);
}
