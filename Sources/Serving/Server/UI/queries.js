// The queries that run and those that ended last: search, filters, order, cancelling.
import { cancelQuery, json, poll } from './api.js';
import { h, show } from './dom.js';
import * as format from './format.js';
import { badge, isOwn, queryInfo, queryLink, say, stateWord } from './query-info.js';

const stateFilters = {
  running: { name: 'Running', holds: (query) => !query.isDone && query.state !== 'QUEUED' },
  queued: { name: 'Queued', holds: (query) => query.state === 'QUEUED' },
  finished: { name: 'Finished', holds: (query) => query.state === 'FINISHED' },
  failed: { name: 'Failed', holds: (query) => query.state === 'FAILED' || query.state === 'CANCELED' },
};

const errorTypes = {
  USER_ERROR: 'User error', INTERNAL_ERROR: 'Internal error', INSUFFICIENT_RESOURCES: 'Resources', EXTERNAL: 'External',
};

const orders = {
  newest: { name: 'Newest first', value: (query) => query.created },
  elapsed: { name: 'Longest', value: (query) => query.elapsed },
  queued: { name: 'Longest queued', value: (query) => query.queued },
  rows: { name: 'Most rows read', value: (query) => query.rows },
  bytes: { name: 'Most bytes read', value: (query) => query.bytes },
  memory: { name: 'Most memory', value: (query) => query.peakMemory },
};

/** Cards drawn at once. */
const pageLength = 100;

export function queriesPage(content, { parameters }) {
  // what is chosen is part of the address, so that it can be sent to someone
  const chosen = {
    text: parameters.get('q') ?? '',
    states: new Set((parameters.get('state') ?? '').split(',').filter((name) => name in stateFilters)),
    error: parameters.get('error') ?? '',
    user: parameters.get('user') ?? '',
    order: parameters.get('order') in orders ? parameters.get('order') : 'newest',
    own: parameters.has('own'),
  };
  let queries = [], shownCount = pageLength;

  const search = h('input', {
    type: 'search', placeholder: 'Text, id, user, source, catalog, error …', 'aria-label': 'Search queries', value: chosen.text,
    oninput: () => { chosen.text = search.value; changed(); },
  });
  const filters = h('div', { class: 'chips', role: 'group', 'aria-label': 'States' });
  const choices = h('div', { class: 'choices' });
  const results = h('div', { class: 'queries' });
  content.append(h('h1', {}, 'Queries'), h('div', { class: 'filters' }, search, filters, choices), results);

  function changed() {
    const next = new URLSearchParams();
    if (chosen.text) next.set('q', chosen.text);
    if (chosen.states.size) next.set('state', [...chosen.states].join(','));
    if (chosen.error) next.set('error', chosen.error);
    if (chosen.user) next.set('user', chosen.user);
    if (chosen.order !== 'newest') next.set('order', chosen.order);
    if (chosen.own) next.set('own', '');
    history.replaceState(null, '', `#/queries${next.size ? `?${next}` : ''}`);
    shownCount = pageLength;
    draw();
  }

  const words = () => chosen.text.toLowerCase().split(/\s+/).filter(Boolean);

  function holds(query, searched) {
    if (!chosen.own && isOwn(query)) return false;
    if (chosen.user && query.user !== chosen.user) return false;
    if (chosen.error && query.errorType !== chosen.error) return false;
    const text = [query.id, query.user, query.source, query.catalog, query.schema, query.group, query.errorName, query.text, ...query.tags]
      .join('\n').toLowerCase();
    return searched.every((word) => text.includes(word));
  }

  function draw() {
    const searched = words();
    const found = queries.filter((query) => holds(query, searched));
    const { value } = orders[chosen.order];
    const count = queries.filter((query) => chosen.own || !isOwn(query)).length;
    const listed = found
      .filter((query) => !chosen.states.size || [...chosen.states].some((name) => stateFilters[name].holds(query)))
      .sort((a, b) => value(b) - value(a) || b.created - a.created);
    show(filters, Object.entries(stateFilters).map(([key, { name, holds }]) =>
      h('button', {
        type: 'button', key, class: 'chip', 'aria-pressed': chosen.states.has(key),
        onclick: () => { if (!chosen.states.delete(key)) chosen.states.add(key); changed(); },
      }, name, h('span', { class: 'count' }, format.number(found.filter(holds).length)))));
    show(choices,
      select('Order', chosen.order, Object.entries(orders).map(([key, order]) => [key, order.name]), (key) => { chosen.order = key; }),
      select('User', chosen.user, [['', 'All users'], ...[...new Set(queries.map((query) => query.user))].sort().map((user) => [user, user])],
        (user) => { chosen.user = user; }),
      select('Error', chosen.error, [['', 'Any outcome'], ...Object.entries(errorTypes)], (error) => { chosen.error = error; }),
      h('label', {}, h('input', {
        type: 'checkbox', checked: chosen.own, onchange: (event) => { chosen.own = event.target.checked; changed(); },
      }), ' this page’s own'));
    show(results,
      h('p', { class: 'muted', role: 'status' }, listed.length === count
        ? format.plural(count, 'query', 'queries')
        : `${format.number(listed.length)} of ${format.plural(count, 'query', 'queries')}`),
      h('ul', { class: 'query-list' }, listed.slice(0, shownCount).map(card)),
      listed.length > shownCount
        ? h('button', { type: 'button', onclick: () => { shownCount += pageLength; draw(); } }, 'Show more')
        : null);
  }

  function select(name, current, options, choose) {
    return h('select', {
      key: name, 'aria-label': name, onchange: (event) => { choose(event.target.value); changed(); },
    }, options.map(([value, text]) => h('option', { value, selected: value === current }, text)));
  }

  const stop = poll(async (signal) => {
    queries = (await json('v1/query', signal)).map(queryInfo);
    draw();
  }, 2000);
  return stop;
}

function card(query) {
  const measures = [
    ['elapsed', format.duration(query.elapsed)],
    query.queued > 50 ? ['queued', format.duration(query.queued)] : null,
    ['rows', format.short(query.rows)],
    ['read', format.bytes(query.bytes)],
    ['memory', format.bytes(query.isDone ? query.peakMemory : query.memory)],
  ].filter(Boolean);
  const who = [query.user, query.source, query.group, [query.catalog, query.schema].filter(Boolean).join('.')].filter(Boolean).join(' · ');
  return h('li', { key: query.id, class: `card query-card edge-${stateWord(query).toLowerCase()}` },
    h('div', { class: 'query-head' },
      badge(query), h('a', { class: 'query-id', href: queryLink(query.id) }, query.id),
      h('span', { class: 'muted' }, format.clock(query.created)),
      query.isDone ? null : cancelButton(query.id)),
    h('pre', { class: 'query-text' }, query.text.trim().slice(0, 400)),
    query.errorName && query.errorName !== 'USER_CANCELED'
      ? h('p', { class: 'query-error' }, h('strong', {}, query.errorName), ' ', query.errorMessage ?? '') : null,
    h('div', { class: 'query-foot' },
      h('span', { class: 'muted' }, who),
      h('dl', {}, measures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))));
}

export function cancelButton(id) {
  return h('button', {
    type: 'button', class: 'danger small', 'aria-label': `Cancel query ${id}`,
    onclick: async (event) => {
      event.target.disabled = true;
      await cancelQuery(id).then(() => say(`Query ${id} is being canceled`), (error) => say(error.message));
    },
  }, 'Cancel');
}
