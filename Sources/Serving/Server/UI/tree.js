// Catalogs, schemas, tables and columns as a tree that asks for what is opened.
import { h } from './dom.js';
import { metadata } from './metadata.js';
import { quoted } from './sql.js';

/** `insert(text)` is called for a name that is chosen. */
export function catalogTree(insert) {
  const level = (names, child) => h('ul', {}, names.length ? names.map(child) : h('li', { class: 'muted' }, 'nothing'));
  const node = (name, kind, path, open, note) => {
    const below = h('div', { class: 'below' });
    const choose = h('button', {
      type: 'button', class: 'insert', title: `Write ${path} into the statement`, 'aria-label': `Insert ${path}`,
      onclick: (event) => { event.preventDefault(); insert(path); },
    }, '+');
    const label = [h('span', { class: `kind kind-${kind}`, 'aria-hidden': 'true' }, kind[0]), h('span', { class: 'name' }, name), note ? h('small', {}, note) : null];
    if (!open) return h('li', { class: 'leaf' }, label, choose);
    return h('li', {}, h('details', {
      ontoggle: async (event) => {
        if (!event.target.open || below.childNodes.length) return;
        below.replaceChildren(h('p', { class: 'muted' }, '…'));
        below.replaceChildren(await open());
      },
    }, h('summary', {}, label, choose), below));
  };
  const columns = (catalog, schema, table) => async () =>
    level(await metadata.columns(catalog, schema, table), ({ name, type }) => node(name, 'column', quoted(name), null, type));
  const tables = (catalog, schema) => async () => level(await metadata.tables(catalog, schema), (table) =>
    node(table, 'table', [catalog, schema, table].map(quoted).join('.'), columns(catalog, schema, table)));
  const schemas = (catalog) => async () => level(await metadata.schemas(catalog), (schema) =>
    node(schema, 'schema', [catalog, schema].map(quoted).join('.'), tables(catalog, schema)));
  const element = h('div', { class: 'tree' });
  const fill = async () => {
    element.replaceChildren(h('p', { class: 'muted' }, '…'));
    element.replaceChildren(level(await metadata.catalogs(), (catalog) => node(catalog, 'catalog', quoted(catalog), schemas(catalog))));
  };
  fill();
  return { element, refresh: () => { metadata.forget(); fill(); } };
}
