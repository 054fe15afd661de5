// Resource groups: how many queries of each run and wait, against its limits.
import { json, jsonOr, poll } from './api.js';
import { h, show } from './dom.js';
import * as format from './format.js';
import { badge, isOwn, queryInfo, queryLink } from './query-info.js';
import { meter } from './workers.js';

export function groupsPage(content) {
  const body = h('div', {});
  content.append(h('h1', {}, 'Resource groups'), body);
  return poll(async (signal) => {
    const [stated, raw] = await Promise.all([jsonOr(null, 'v1/resourceGroupState', signal), json('v1/query', signal)]);
    const queries = raw.map(queryInfo).filter((query) => !query.isDone);
    const groups = stated === null ? observed(queries) : Array.isArray(stated) ? stated : [stated];
    const isLimited = (group) => Boolean(group.hardConcurrencyLimit || group.maxQueuedQueries || group.softMemoryLimit) || group.subGroups?.some(isLimited);
    show(body,
      !groups.some(isLimited) ? h('p', { class: 'muted' }, 'No limits are set: queries run as they come.') : null,
      h('ul', { class: 'groups' }, groups.map((group) => branch(group, queries))));
  }, 2000);
}

/** Groups as the queries name them, where the server tells nothing of limits. */
function observed(queries) {
  const groups = new Map([['global', []]]);
  for (const query of queries) {
    const name = query.group || 'global';
    groups.set(name, [...(groups.get(name) ?? []), query]);
  }
  return [...groups].map(([name, all]) => ({
    id: name.split('.'),
    numRunningQueries: all.filter((query) => query.state !== 'QUEUED').length,
    numQueuedQueries: all.filter((query) => query.state === 'QUEUED').length,
    memoryUsage: all.reduce((sum, query) => sum + query.memory, 0),
  }));
}

function branch(group, queries) {
  const path = Array.isArray(group.id) ? group.id.join('.') : String(group.id);
  const running = group.numRunningQueries ?? 0, queued = group.numQueuedQueries ?? 0;
  const memory = format.size(group.memoryUsage), memoryLimit = format.size(group.softMemoryLimit);
  const mine = queries.filter((query) => (query.group || 'global') === path && !isOwn(query));
  return h('li', { key: path },
    h('section', { class: 'card' },
      h('div', { class: 'query-head' }, h('h2', {}, path),
        group.state ? h('span', { class: `badge ${group.state === 'CAN_RUN' ? 'state-finished' : 'state-queued'}` }, group.state.replaceAll('_', ' ').toLowerCase()) : null),
      meter('Running', running, group.hardConcurrencyLimit ?? 0, limited(running, group.hardConcurrencyLimit)),
      meter('Queued', queued, group.maxQueuedQueries ?? 0, limited(queued, group.maxQueuedQueries)),
      meter('Memory', memory, memoryLimit, memoryLimit ? `${format.bytes(memory)} of ${format.bytes(memoryLimit)}` : format.bytes(memory)),
      h('dl', { class: 'pairs' },
        group.schedulingPolicy ? pair('Scheduling', group.schedulingPolicy.toLowerCase()) : null,
        group.schedulingWeight ? pair('Weight', group.schedulingWeight) : null,
        group.softConcurrencyLimit ? pair('Soft limit', group.softConcurrencyLimit) : null),
      mine.length
        ? h('ul', { class: 'brief' }, mine.slice(0, 20).map((query) => h('li', { key: query.id },
            h('a', { href: queryLink(query.id) }, badge(query), h('code', { class: 'one-line' }, query.text.replace(/\s+/g, ' ').slice(0, 200))),
            h('span', { class: 'muted' }, `${query.user} · ${format.duration(query.state === 'QUEUED' ? query.queued : query.elapsed)}`))))
        : null),
    group.subGroups?.length ? h('ul', {}, group.subGroups.map((below) => branch(below, queries))) : null);
}

const pair = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)));
const limited = (value, limit) => (limit ? `${format.number(value)} of ${format.number(limit)}` : format.number(value));
