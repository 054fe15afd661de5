// The editor: statements with completion, their results as a grid or a chart, downloads, and what was asked before.
import { h, count, table } from "./dom.js";
import { Statement, rows as ask, user } from "./api.js";
import { chart } from "./chart.js";

const KEYWORDS = ("SELECT FROM WHERE GROUP BY ORDER BY HAVING LIMIT JOIN LEFT JOIN ON USING UNION ALL WITH AS DISTINCT CASE WHEN THEN ELSE END CAST BETWEEN LIKE IN EXISTS IS NULL AND OR NOT"
  + " INTERVAL DATE TIMESTAMP OVER PARTITION UNNEST VALUES SHOW CATALOGS SCHEMAS TABLES COLUMNS FUNCTIONS DESCRIBE EXPLAIN ANALYZE USE SET SESSION CREATE TABLE INSERT INTO DROP").split(" ");
const SHOWN = 1000;
const LIMIT = 100000;
const session = { catalog: localStorage.getItem("catalog") || "", schema: localStorage.getItem("schema") || "" };
let words = [...new Set(KEYWORDS)];

async function learn() {
  const found = new Set(KEYWORDS);
  try {
    for (const [name] of await ask("SHOW CATALOGS")) found.add(name);
    if (session.catalog) for (const [name] of await ask(`SHOW SCHEMAS FROM "${session.catalog.replaceAll('"', '""')}"`)) found.add(name);
    if (session.catalog && session.schema) {
      const schema = session.schema.replaceAll("'", "''");
      for (const [name, column] of await ask(`SELECT table_name, column_name FROM "${session.catalog.replaceAll('"', '""')}".information_schema.columns WHERE table_schema = '${schema}' LIMIT 5000`)) found.add(name).add(column);
    }
  } catch {
    // completion is a convenience: without the sources' names there are still the keywords
  }
  words = [...found];
}

function save(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

const cell = (value) => (value === null ? "NULL" : typeof value === "object" ? JSON.stringify(value) : String(value));
const quoted = (value) => (value === null ? "" : `"${cell(value).replaceAll('"', '""')}"`);

export function editor(place) {
  const given = location.hash.split("/").slice(1).join("/");
  const text = h("textarea", { id: "sql", spellcheck: "false", "aria-label": "SQL", "aria-autocomplete": "list", "aria-controls": "words", onkeydown: keys, oninput: complete, onblur: () => setTimeout(() => { list.hidden = true; }, 150) });
  text.value = given ? decodeURIComponent(given) : localStorage.getItem("draft") || "SELECT 1";
  const list = h("ul", { class: "words", id: "words", role: "listbox" });
  list.hidden = true;
  const field = (name, key) => h("input", { value: key === "user" ? user() : session[key], placeholder: name, "aria-label": name, size: 12,
    onchange: (event) => { localStorage.setItem(key, event.target.value.trim()); if (key !== "user") { session[key] = event.target.value.trim(); learn(); } } });
  const run = h("button", { type: "button", class: "main", onclick: start }, "Run (Ctrl+Enter)");
  const stop = h("button", { type: "button", disabled: true, onclick: () => current?.cancel() }, "Cancel");
  const told = h("p", { role: "status", class: "faint" });
  const result = h("div");
  const past = h("div");
  let current, columns = [], rows = [], sort = null, asChart = false, chosen = 0;
  place.append(h("h1", {}, "Editor"), h("div", { class: "tools" }, field("User", "user"), field("Catalog", "catalog"), field("Schema", "schema"), run, stop),
    h("div", { class: "editor" }, text, list), told, result, h("h2", {}, "Asked before"), past);
  learn();
  history();

  // completion

  function beginning() {
    const match = /[\w$]+$/.exec(text.value.slice(0, text.selectionStart));
    return match ? match[0] : "";
  }

  function complete() {
    localStorage.setItem("draft", text.value);
    const part = beginning();
    const fitting = part.length < 2 ? [] : words.filter((word) => word.toLowerCase().startsWith(part.toLowerCase()) && word.length > part.length).slice(0, 12);
    chosen = 0;
    list.hidden = fitting.length === 0;
    list.replaceChildren(...fitting.map((word, index) => h("li", { role: "option", "aria-selected": index === 0 ? "true" : "false", onmousedown: (event) => { event.preventDefault(); insert(word); } }, word)));
    const lines = text.value.slice(0, text.selectionStart).split("\n");
    list.style.top = `${Math.min(lines.length * 1.32, text.clientHeight / 15) + 0.6}rem`;
    list.style.left = `${Math.min(lines.at(-1).length * 0.53 + 0.5, 40)}rem`;
  }

  function insert(word) {
    const at = text.selectionStart, part = beginning();
    text.setRangeText(word, at - part.length, at, "end");
    list.hidden = true;
    text.focus();
  }

  function keys(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      start();
    } else if (!list.hidden && list.children.length > 0 && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
      event.preventDefault();
      const options = [...list.children];
      if (event.key === "Escape") list.hidden = true;
      else if (event.key.startsWith("Arrow")) {
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
        options.forEach((option, index) => option.setAttribute("aria-selected", index === chosen ? "true" : "false"));
      } else insert(options[chosen].textContent);
    }
  }

  // running

  async function start() {
    if (current) return;
    const sql = (text.selectionStart < text.selectionEnd ? text.value.slice(text.selectionStart, text.selectionEnd) : text.value).trim();
    if (!sql) return;
    list.hidden = true;
    remember(sql);
    current = new Statement(sql, session);
    run.disabled = true;
    stop.disabled = false;
    [columns, rows, sort] = [[], [], null];
    result.replaceChildren();
    const began = performance.now();
    let note = "";
    try {
      for await (const page of current.run()) {
        if (page.columns) columns = page.columns;
        for (const row of page.data || []) rows.push(row);
        const link = h("a", { href: `/ui/#query/${encodeURIComponent(page.id)}` }, page.id);
        told.replaceChildren(`${page.stats.state} · ${count(rows.length)} rows · ${count(page.stats.processedRows)} rows read · ${((performance.now() - began) / 1000).toFixed(1)} s · `, link);
        if (page.error) {
          result.replaceChildren(h("p", { class: "error", role: "alert" }, `${page.error.errorName}: ${page.error.message}`));
          const place = page.error.errorLocation;
          if (place && sql === text.value.trim()) mark(place);
          return;
        }
        if (rows.length >= LIMIT && page.nextUri) {
          note = `Only the first ${count(rows.length)} rows are shown here.`;
          await current.cancel();
        }
      }
      draw(note);
    } catch (error) {
      result.replaceChildren(h("p", { class: "error", role: "alert" }, error.message));
    } finally {
      current = null;
      run.disabled = false;
      stop.disabled = true;
      localStorage.setItem("catalog", session.catalog);
      localStorage.setItem("schema", session.schema);
    }
  }

  function mark(place) {
    const lines = text.value.split("\n");
    const at = lines.slice(0, place.lineNumber - 1).reduce((sum, line) => sum + line.length + 1, 0) + place.columnNumber - 1;
    text.focus();
    text.setSelectionRange(at, Math.min(text.value.length, at + 1));
  }

  function draw(note = "") {
    if (columns.length === 0) return;
    const names = columns.map((column) => ({ name: column.name, title: column.type, class: /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(column.type) ? "number" : "" }));
    const csv = () => [columns.map((column) => quoted(column.name)).join(","), ...rows.map((row) => row.map(quoted).join(","))].join("\r\n") + "\r\n";
    const objects = () => JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, index) => [columns[index].name, value]))), null, 1);
    result.replaceChildren(
      h("div", { class: "tools" }, h("button", { type: "button", "aria-pressed": asChart ? "true" : "false", onclick: () => { asChart = !asChart; draw(note); } }, asChart ? "Show the grid" : "Show a chart"),
        h("button", { type: "button", onclick: () => save("result.csv", csv(), "text/csv") }, "Download CSV"), h("button", { type: "button", onclick: () => save("result.json", objects(), "application/json") }, "Download JSON")),
      note ? h("p", {}, note) : "",
      asChart ? chart(columns, rows) : table(names, rows.slice(0, SHOWN).map((row) => h("tr", {}, row.map((value, index) => h("td", { class: value === null ? "none" : "text " + names[index].class }, cell(value))))), sort,
        (index) => {
          sort = { index, up: sort && sort.index === index ? !sort.up : true };
          const numeric = names[index].class === "number";
          const key = (row) => (row[index] === null ? null : numeric ? Number(row[index]) : cell(row[index]));
          rows.sort((a, b) => { const x = key(a), y = key(b); return (x === y ? 0 : x === null ? 1 : y === null ? -1 : x < y ? -1 : 1) * (sort.up ? 1 : -1); });
          draw(note);
        }),
      !asChart && rows.length > SHOWN ? h("p", { class: "faint" }, `The first ${count(SHOWN)} of ${count(rows.length)} rows; sorting and downloads take all.`) : "");
  }

  // what was asked before

  function remember(sql) {
    const before = JSON.parse(localStorage.getItem("asked") || "[]").filter((entry) => entry !== sql);
    localStorage.setItem("asked", JSON.stringify([sql, ...before].slice(0, 50)));
    history();
  }

  function history() {
    const asked = JSON.parse(localStorage.getItem("asked") || "[]");
    past.replaceChildren(asked.length ? h("ul", {}, asked.map((sql) => h("li", {}, h("button", { type: "button", onclick: () => { text.value = sql; text.focus(); } }, sql.length > 120 ? sql.slice(0, 120) + "…" : sql)))) : h("p", { class: "faint" }, "Nothing yet."));
  }

  return () => current?.cancel();
}
