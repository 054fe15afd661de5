// The client protocol: one statement from POST to its last page.
import { request, root, userHeaders } from './api.js';
import { settings } from './settings.js';

/** A query that failed, with Presto's name and place of its error. */
export class QueryError extends Error {
  constructor(error) {
    super(error.message);
    this.errorName = error.errorName;
    this.location = error.errorLocation;
  }
}

/** What SET SESSION, PREPARE and transactions have changed; each statement sends it along. */
const session = { properties: {}, prepared: {}, transaction: null };

export const isInTransaction = () => session.transaction !== null;

const pairs = (values) =>
  Object.entries(values).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join(',');

function headers(options) {
  const result = {
    ...userHeaders(),
    'X-Trino-Source': options.source ?? 'minipresto-ui',
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    'X-Trino-Transaction-Id': session.transaction ?? 'NONE',
    'X-Trino-Time-Zone': Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  };
  if (options.tags) result['X-Trino-Client-Tags'] = options.tags;
  if (options.catalog) result['X-Trino-Catalog'] = options.catalog;
  if (options.catalog && options.schema) result['X-Trino-Schema'] = options.schema;
  if (Object.keys(session.properties).length) result['X-Trino-Session'] = pairs(session.properties);
  if (Object.keys(session.prepared).length) result['X-Trino-Prepared-Statement'] = pairs(session.prepared);
  return result;
}

const decode = (text) => decodeURIComponent(text.replaceAll('+', ' '));

function remember(headers) {
  const value = (name) => headers.get(`X-Trino-${name}`);
  if (value('Set-Catalog')) settings.catalog = value('Set-Catalog');
  if (value('Set-Schema')) settings.schema = value('Set-Schema');
  for (const [header, target] of [['Set-Session', session.properties], ['Added-Prepare', session.prepared]]) {
    for (const entry of (value(header) ?? '').split(',').filter(Boolean)) {
      const [name, text = ''] = entry.trim().split('=', 2);
      target[decode(name)] = decode(text);
    }
  }
  if (value('Clear-Session')) delete session.properties[value('Clear-Session')];
  if (value('Deallocated-Prepare')) delete session.prepared[decode(value('Deallocated-Prepare'))];
  if (value('Started-Transaction-Id')) session.transaction = value('Started-Transaction-Id');
  if (value('Clear-Transaction-Id')) session.transaction = null;
}

const hasLongNumber = /[[,:]-?\d{16,}[\],}]/;

/** Whole numbers beyond 2^53 stay exact: as BigInt. */
export function parse(text) {
  if (!hasLongNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(context?.source ?? '')) return value;
    return BigInt(context.source);
  });
}

/** A statement under way. `next()` answers the protocol's pages one by one, then null. */
export class Statement {
  #next = null;
  #isOpen = true;
  #abort = new AbortController();

  constructor(text, options = {}) {
    this.text = text;
    this.options = options;
    this.id = null;
  }

  async next() {
    if (!this.#isOpen) return null;
    const isFirst = this.#next === null;
    const response = isFirst
      ? await request('v1/statement', {
          method: 'POST', body: this.text, headers: headers(this.options), signal: this.#abort.signal,
        })
      : await this.#poll();
    if (this.options.isSession) remember(response.headers);
    const page = parse(await response.text());
    this.id = page.id;
    // the server may not know under which name the browser reaches it
    const link = page.nextUri ? new URL(page.nextUri) : null;
    this.#next = link ? new URL(link.pathname.replace(/^.*(?=\/v1\/)/, '').slice(1) + link.search, root) : null;
    this.#isOpen = link !== null;
    if (page.error) throw new QueryError(page.error);
    return page;
  }

  /** Busy or restarting servers and lost connections are asked again for a while. */
  async #poll() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request(this.#next, { signal: this.#abort.signal });
      } catch (error) {
        const isPassing = error.name !== 'AbortError' && (error.status === undefined || [429, 502, 503, 504].includes(error.status));
        if (!isPassing || attempt >= 8) throw error;
        await new Promise((wake) => setTimeout(wake, 100 * 2 ** attempt));
      }
    }
  }

  /** Ends the query on the server. */
  async cancel() {
    const next = this.#next;
    this.#isOpen = false;
    this.#abort.abort();
    if (next) await request(next, { method: 'DELETE' }).catch(() => {});
  }

  get isOpen() { return this.#isOpen; }
}

/** All rows of a small answer. */
export async function rows(text, options) {
  const statement = new Statement(text, options);
  const result = [];
  for (let page = await statement.next(); page; page = await statement.next()) result.push(...(page.data ?? []));
  return result;
}
