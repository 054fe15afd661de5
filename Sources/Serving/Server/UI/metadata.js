// Names for completion and for the tree beside the editor, asked for over the client protocol when first needed, and kept.
import { ownTag } from './query-info.js';
import { always } from './sql.js';
import { rows } from './statement.js';

const answers = new Map();

// Answers outlive a reload of the page for a while: every look-up is a query, and the server remembers but a hundred.
const prefix = 'minipresto.look-up ';
const lifetime = 600e3;

function kept(text) {
  try {
    const { at, answer } = JSON.parse(sessionStorage.getItem(prefix + text));
    return Date.now() - at < lifetime ? answer : null;
  } catch {
    return null;
  }
}

function keep(text, answer) {
  try {
    sessionStorage.setItem(prefix + text, JSON.stringify({ at: Date.now(), answer }));
  } catch {
    // full or refused
  }
  return answer;
}

async function lookUp(text) {
  try {
    return kept(text) ?? keep(text, await rows(text, { source: 'minipresto-ui', tags: ownTag }));
  } catch {
    // a source that is down is asked again after a while
    setTimeout(() => answers.delete(text), 15e3);
    return [];
  }
}

/** Rows of a look-up; none while a source is down. */
function ask(text) {
  if (!answers.has(text)) answers.set(text, lookUp(text));
  return answers.get(text);
}

function forget() {
  answers.clear();
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // refused
  }
}

const first = async (text) => (await ask(text)).map((row) => String(row[0]));

export const metadata = {
  catalogs: () => first('SHOW CATALOGS'),
  schemas: (catalog) => first(`SHOW SCHEMAS FROM ${always(catalog)}`),
  tables: (catalog, schema) => first(`SHOW TABLES FROM ${always(catalog)}.${always(schema)}`),
  /** [{name, type}] */
  columns: async (catalog, schema, table) =>
    (await ask(`SHOW COLUMNS FROM ${always(catalog)}.${always(schema)}.${always(table)}`))
      .map((row) => ({ name: String(row[0]), type: String(row[1]) })),
  functions: async () => [...new Set(await first('SHOW FUNCTIONS'))],
  forget,
};
