// Elements, and numbers for people.

/** An element: attributes by name, `on…` as listeners; children are nodes or texts, never markup. */
export function h(name, attributes = {}, ...children) {
  const svg = ["svg", "polyline", "rect", "line", "g", "text", "title"].includes(name);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

export function bytes(count) {
  let value = Number(count) || 0;
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (value < 1024) return `${unit === "B" ? value : value.toFixed(1)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)} TB`;
}

export function count(value) {
  return Number(value || 0).toLocaleString("en");
}

/** Presto's `1.25m` as seconds. */
export function seconds(text) {
  const match = /^([\d.]+)(ns|us|ms|s|m|h|d)$/.exec(text || "");
  return match ? Number(match[1]) * { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 }[match[2]] : 0;
}

/** Presto's `123B` as a number. */
export function size(text) {
  return parseFloat(text) || 0;
}

export function table(columns, rows, sort, onsort) {
  return h("div", { class: "wide" }, h("table", {},
    h("thead", {}, h("tr", {}, columns.map((column, index) => h("th", { class: column.class, "aria-sort": sort && sort.index === index ? (sort.up ? "ascending" : "descending") : undefined },
      onsort ? h("button", { type: "button", onclick: () => onsort(index) }, column.name + (sort && sort.index === index ? (sort.up ? " ▲" : " ▼") : "")) : column.name)))),
    h("tbody", {}, rows)));
}
