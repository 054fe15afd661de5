// The server's endpoints. Statements go the way of every other client: /v1/statement and its links.

export async function json(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

export const user = () => localStorage.getItem("user") || "web";

export const kill = (id) => fetch(`/v1/query/${encodeURIComponent(id)}`, { method: "DELETE" });

/** One statement: `run` yields the answers, page by page; `cancel` ends it. */
export class Statement {
  constructor(sql, session) {
    this.sql = sql;
    this.session = session;
  }

  async *run() {
    const headers = { "X-Trino-User": user(), "X-Trino-Source": "minipresto-ui", "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME" };
    if (this.session.catalog) headers["X-Trino-Catalog"] = this.session.catalog;
    if (this.session.catalog && this.session.schema) headers["X-Trino-Schema"] = this.session.schema;
    const settings = Object.entries(this.session.properties || {});
    if (settings.length) headers["X-Trino-Session"] = settings.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join(",");
    let answer = await fetch("/v1/statement", { method: "POST", headers, body: this.sql });
    while (true) {
      if (!answer.ok) throw new Error(await answer.text());
      this.take(answer.headers);
      const page = await answer.json();
      this.next = page.nextUri;
      yield page;
      if (!this.next || this.cancelled) return;
      answer = await fetch(new URL(this.next).pathname, {});
    }
  }

  /** USE and SET SESSION change what the next statement says. */
  take(headers) {
    for (const key of ["catalog", "schema"]) {
      const value = headers.get(`X-Trino-Set-${key}`);
      if (value) this.session[key] = value;
    }
    const set = headers.get("X-Trino-Set-Session");
    if (set) {
      const at = set.indexOf("=");
      this.session.properties = { ...this.session.properties, [set.slice(0, at)]: decodeURIComponent(set.slice(at + 1).replaceAll("+", " ")) };
    }
    const cleared = headers.get("X-Trino-Clear-Session");
    if (cleared && this.session.properties) delete this.session.properties[cleared];
  }

  async cancel() {
    this.cancelled = true;
    if (this.next) await fetch(new URL(this.next).pathname, { method: "DELETE" });
  }
}

/** All rows of a short question. */
export async function rows(sql, session = {}) {
  let found = [];
  for await (const page of new Statement(sql, session).run()) {
    if (page.error) throw new Error(page.error.message);
    found = found.concat(page.data || []);
  }
  return found;
}
