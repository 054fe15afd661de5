// Which page is shown: by the part after #, or by /ui/query.html?ID, which is where clients link to.
import { h } from "./dom.js";
import { json } from "./api.js";
import { overview } from "./overview.js";
import { queries } from "./queries.js";
import { query } from "./query.js";
import { editor } from "./editor.js";

const main = document.getElementById("main");
const pages = { overview, queries, editor };
let leave = () => {};

function show() {
  leave();
  const linked = location.pathname.endsWith("/query.html") && !location.hash ? location.search.slice(1) : null;
  const [name, id] = linked ? ["query", linked] : (location.hash.slice(1) || "overview").split("/");
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href").endsWith("#" + name)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const place = h("div");
  main.replaceChildren(place);
  const stop = name === "query" ? query(place, decodeURIComponent(id || "")) : (pages[name] || overview)(place);
  leave = stop || (() => {});
}

addEventListener("hashchange", () => { show(); main.focus(); });
show();

async function state() {
  const place = document.getElementById("state");
  try {
    const info = await json("/v1/info");
    place.textContent = `${info.state === "ACTIVE" ? "" : info.state + " · "}${info.nodeVersion.version} · up ${info.uptime}`;
  } catch {
    place.textContent = "The server does not answer";
  }
}
state();
setInterval(state, 5000);
