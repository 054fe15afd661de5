// What this browser remembers. Private windows may refuse storage: then it lasts as long as the page.

const memory = new Map();

function read(name, otherwise) {
  try {
    const text = localStorage.getItem(`minipresto.${name}`);
    return text === null ? (memory.get(name) ?? otherwise) : JSON.parse(text);
  } catch {
    return memory.get(name) ?? otherwise;
  }
}

function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(`minipresto.${name}`, JSON.stringify(value));
  } catch {
    // full or refused
  }
}

const property = (name, otherwise) => ({
  enumerable: true,
  get: () => read(name, otherwise),
  set: (value) => write(name, value),
});

export const settings = Object.defineProperties({}, {
  user: property('user', 'web'),
  theme: property('theme', 'auto'),
  draft: property('draft', 'SELECT 1 AS one'),
  catalog: property('catalog', ''),
  schema: property('schema', ''),
  /** Of the statements run here: {id, text, catalog, schema, at, state, elapsed, rows, error}, newest first. */
  history: property('history', []),
});

/** Statements remembered. */
export const historyLimit = 200;
