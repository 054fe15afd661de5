// One query: why it waits, why it was slow, its text, timeline, plan and sources.
import { json, jsonOr, poll, ServerError } from './api.js';
import { whyQueued, whySlow } from './diagnosis.js';
import { h, show } from './dom.js';
import * as format from './format.js';
import { planView, sourcesView } from './plan.js';
import { cancelButton } from './queries.js';
import { badge, figure, queryInfo } from './query-info.js';
import { settings } from './settings.js';
import { coloured, offsetOf } from './sql.js';
import { timelineView } from './timeline.js';

export function queryPage(content, { rest }) {
  const id = rest[0] ?? '';
  const body = h('div', { class: 'query-page' }, h('p', { class: 'muted' }, 'Asking the server …'));
  content.append(body);
  return poll(async (signal) => {
    let raw;
    try {
      raw = await json(`v1/query/${encodeURIComponent(id)}`, signal);
    } catch (error) {
      if (!(error instanceof ServerError) || ![404, 410].includes(error.status)) throw error;
      show(body, h('h1', {}, id),
        h('p', { class: 'muted' }, 'The server does not know this query (any more): only the last that ended are kept.'));
      return false;
    }
    const query = queryInfo(raw);
    let reason = null;
    if (query.state === 'QUEUED') {
      const [queries, groups] = await Promise.all([json('v1/query', signal), jsonOr([], 'v1/resourceGroupState', signal)]);
      reason = whyQueued(query, queries.map(queryInfo), groups);
    }
    show(body, view(query, raw, reason));
    return !query.isDone;
  }, 700);
}

function view(query, raw, reason) {
  return [
    h('div', { class: 'query-title' },
      h('h1', {}, query.id), badge(query),
      h('span', { class: 'spacer' }),
      h('a', { class: 'button', href: '#/editor', onclick: () => openInEditor(query) }, 'Open in the editor'),
      query.isDone ? null : cancelButton(query.id)),
    h('p', { class: 'muted' }, [
      query.user, query.source, query.group && `group ${query.group}`, [query.catalog, query.schema].filter(Boolean).join('.'),
      format.clock(query.created),
    ].filter(Boolean).join(' · ')),
    query.errorName ? failure(query) : null,
    reason ? h('section', { class: 'card note-card', key: 'queued' }, h('h2', {}, 'Why it is queued'), h('p', {}, reason)) : null,
    h('dl', { class: 'figures card', key: 'figures' },
      figure('Elapsed', format.duration(query.elapsed)),
      figure('Queued', format.duration(query.queued)),
      figure('Planning', format.duration(query.planning)),
      figure('Running', format.duration(query.running)),
      figure('Rows read', format.short(query.rows)),
      figure('Bytes read', format.bytes(query.bytes)),
      figure('Rows returned', format.short(query.output)),
      figure('Peak memory', format.bytes(query.peakMemory))),
    section('slow', query.isDone ? 'Why it took its time' : 'Where its time goes', slowness(query)),
    section('text', 'Statement', h('pre', { class: 'sql' }, coloured(query.text, errorOffset(query)))),
    section('timeline', 'Timeline', timelineView(query)),
    section('plan', 'Plan', planView(query)),
    section('sources', 'Sources', sourcesView(query)),
    section('session', 'Session', session(query)),
    h('details', { class: 'card', key: 'json' }, h('summary', {}, 'As JSON'), h('pre', { class: 'raw' }, JSON.stringify(raw, null, 2))),
  ];
}

const section = (name, title, ...children) => h('section', { class: 'card', key: name, id: `query-${name}` }, h('h2', {}, title), children);

function failure(query) {
  const isCanceled = query.errorName === 'USER_CANCELED';
  return h('section', { class: `card ${isCanceled ? 'note-card' : 'error-card'}`, key: 'error' },
    h('h2', {}, query.errorName), h('p', { class: 'message' }, query.errorMessage ?? ''));
}

function slowness(query) {
  const findings = whySlow(query);
  if (findings.length) return h('ul', { class: 'findings' }, findings.map(({ text }) => h('li', {}, text)));
  return h('p', { class: 'muted' }, query.elapsed < 100
    ? `It took ${format.duration(query.elapsed)}: there is nothing to explain.`
    : 'Nothing stands out: its time is spread over its operators.');
}

function errorOffset(query) {
  const place = query.errorLocation;
  return place ? offsetOf(query.text, place.lineNumber, place.columnNumber) : -1;
}

function session(query) {
  const { session } = query;
  const entries = [
    ['user', session.user], ['source', session.source], ['catalog', session.catalog], ['schema', session.schema],
    ['time zone', session.timeZone ?? session.timeZoneKey], ['client info', session.clientInfo],
    ['client tags', (session.clientTags ?? []).join(', ')], ['remote address', session.remoteUserAddress], ['user agent', session.userAgent],
    ...Object.entries(session.systemProperties ?? {}),
  ].filter(([, value]) => value !== undefined && value !== null && value !== '');
  return h('dl', { class: 'pairs' }, entries.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)))));
}

function openInEditor(query) {
  settings.draft = query.text;
  if (query.catalog) settings.catalog = query.catalog;
  if (query.schema) settings.schema = query.schema;
}
