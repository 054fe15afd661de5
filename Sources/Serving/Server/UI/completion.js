// What can stand at the caret: keywords, functions, catalogs, schemas, tables, and the columns of the tables that the statement names.
import { metadata } from './metadata.js';
import { keywords, quoted, statementAt, tokens } from './sql.js';

const nameKinds = new Set(['word', 'quoted', 'keyword']);
const tablePlaces = new Set(['FROM', 'JOIN', 'INTO', 'TABLE', 'DESCRIBE', 'UPDATE']);

const plain = (token) => (token.kind === 'quoted' ? token.text.replace(/^"|"$/g, '').replaceAll('""', '"') : token.text.toLowerCase());

/** The dotted name that ends at the caret: {path: ['orders', 'public'], word: 'cus', start}. */
export function nameAt(text, caret) {
  const pieces = tokens(text.slice(0, caret));
  const last = pieces.at(-1);
  if (last && ['string', 'comment'].includes(last.kind)) return null;
  let index = pieces.length - 1, word = '', start = caret;
  if (index >= 0 && nameKinds.has(pieces[index].kind)) {
    word = pieces[index].text.replace(/^"/, '');
    start = pieces[index].start;
    index -= 1;
  }
  const path = [];
  while (index >= 1 && pieces[index].text === '.' && nameKinds.has(pieces[index - 1].kind)) {
    path.unshift(plain(pieces[index - 1]));
    index -= 2;
  }
  const before = pieces.slice(0, index + 1).filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  return { path, word, start, before };
}

/** Tables that a statement names after FROM and JOIN: [{path, alias}]. */
export function namedTables(text) {
  const pieces = tokens(text).filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  const result = [];
  for (let i = 0; i < pieces.length; i++) {
    if (!['FROM', 'JOIN', 'INTO', 'UPDATE'].includes(pieces[i].text.toUpperCase())) continue;
    do {
      i += 1;
      const path = [];
      while (i < pieces.length && ['word', 'quoted'].includes(pieces[i].kind)) {
        path.push(plain(pieces[i]));
        i += 1;
        if (pieces[i]?.text !== '.') break;
        i += 1;
      }
      if (!path.length) break;
      let alias = path.at(-1);
      if (pieces[i]?.text.toUpperCase() === 'AS') i += 1;
      if (pieces[i] && ['word', 'quoted'].includes(pieces[i].kind)) {
        alias = plain(pieces[i]);
        i += 1;
      }
      result.push({ path, alias });
    } while (pieces[i]?.text === ',');
    i -= 1;
  }
  return result;
}

const full = (path, session) =>
  path.length >= 3 ? path.slice(-3)
    : path.length === 2 && session.catalog ? [session.catalog, ...path]
    : path.length === 1 && session.catalog && session.schema ? [session.catalog, session.schema, ...path] : null;

async function columnsOf(tables, session) {
  const lists = await Promise.all(tables.map(async (table) => {
    const name = full(table.path, session);
    return name ? (await metadata.columns(...name)).map((column) => ({ text: column.name, kind: 'column', note: column.type })) : [];
  }));
  return lists.flat();
}

/** Candidates {text, kind, note} for what is before the caret, best first; null: nothing can be completed here. */
export async function complete(text, caret, session, limit = 60) {
  const part = statementAt(text, caret);
  const offset = part && caret >= part.start && caret <= part.end ? part.start : caret;
  const statement = offset === part?.start ? part.text : '';
  const place = nameAt(statement, caret - offset);
  if (!place) return null;
  const found = await candidates(place, statement, session);
  const ranked = rank(found, place.word).slice(0, limit);
  return { from: offset + place.start, word: place.word, items: ranked };
}

async function candidates({ path, before }, statement, session) {
  const of = (kind) => (texts) => texts.map((text) => ({ text, kind }));
  const tables = namedTables(statement);
  if (path.length) {
    const named = tables.filter((table) => table.alias === path[0]);
    const lists = [];
    if (path.length === 1 && named.length) lists.push(await columnsOf(named, session));
    const catalogs = await metadata.catalogs();
    if (path.length === 1) {
      if (catalogs.includes(path[0])) lists.push(of('schema')(await metadata.schemas(path[0])));
      else if (session.catalog && !named.length) lists.push(of('table')(await metadata.tables(session.catalog, path[0])));
    } else if (path.length === 2) {
      if (catalogs.includes(path[0])) lists.push(of('table')(await metadata.tables(path[0], path[1])));
      else lists.push(await columnsOf([{ path }], session));
    } else {
      lists.push(await columnsOf([{ path }], session));
    }
    return lists.flat();
  }
  const last = before.at(-1)?.text.toUpperCase();
  const isTablePlace = tablePlaces.has(last) || (last === ',' && lastClause(before) === 'FROM');
  const names = async () => [
    ...(session.catalog && session.schema ? of('table')(await metadata.tables(session.catalog, session.schema)) : []),
    ...(session.catalog ? of('schema')(await metadata.schemas(session.catalog)) : []),
    ...of('catalog')(await metadata.catalogs()),
  ];
  if (isTablePlace) return names();
  if (last === 'USE') return [...of('catalog')(await metadata.catalogs()), ...(session.catalog ? of('schema')(await metadata.schemas(session.catalog)) : [])];
  return [
    ...(await columnsOf(tables, session)),
    ...of('table')([...new Set(tables.map((table) => table.alias))]),
    ...of('keyword')(keywords),
    ...of('function')(await metadata.functions()),
    ...(last === undefined ? [] : of('catalog')(await metadata.catalogs())),
  ];
}

/** The clause a comma belongs to. */
function lastClause(before) {
  const clauses = new Set(['SELECT', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'HAVING', 'SET', 'VALUES', 'ON', 'USING']);
  return before.findLast((token) => clauses.has(token.text.toUpperCase()))?.text.toUpperCase();
}

const kindOrder = ['column', 'table', 'schema', 'catalog', 'keyword', 'function'];

/** Beginnings before parts of words before scattered letters. */
export function rank(items, word) {
  const wanted = word.toLowerCase();
  const scored = [];
  const seen = new Set();
  for (const item of items) {
    const text = item.text.toLowerCase(), identity = `${item.kind} ${text}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    const at = text.indexOf(wanted);
    const score = at === 0 ? 0 : at > 0 && /[_$]/.test(text[at - 1]) ? 1 : at > 0 && wanted.length > 1 ? 2 : scattered(text, wanted) ? 3 : -1;
    if (score >= 0) scored.push({ item, score });
  }
  return scored
    .sort((a, b) => a.score - b.score || kindOrder.indexOf(a.item.kind) - kindOrder.indexOf(b.item.kind) || (a.item.text < b.item.text ? -1 : 1))
    .map(({ item }) => item);
}

function scattered(text, wanted) {
  if (wanted.length < 3 || text[0] !== wanted[0]) return false;
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}

/** How a candidate is written into the text. */
export const insertion = (item) =>
  item.kind === 'keyword' ? item.text : item.kind === 'function' ? `${item.text}(` : quoted(item.text);
