// A running query's plan: a tree of operators with their time, rows and bytes; the hottest stand out.
import { h } from './dom.js';
import * as format from './format.js';
import { coloured } from './sql.js';

const remotePrefix = 'remote SQL: ';

/** The operators of a plan from its root, each with its depth and its inputs; times are milliseconds, all drivers added up. */
export function operators(plan) {
  const result = [];
  const visit = (raw, depth) => {
    const notes = raw.notes ?? [];
    const stats = raw.stats ?? {};
    const entry = {
      id: raw.id, name: raw.name, detail: raw.detail ?? '', depth,
      remote: notes.filter((note) => note.startsWith(remotePrefix)).map((note) => note.slice(remotePrefix.length)),
      notes: notes.filter((note) => !note.startsWith(remotePrefix)),
      outputs: raw.outputs ?? [], estimatedRows: raw.estimatedRows,
      isScan: stats.movedRows !== undefined,
      rows: stats.rows ?? 0, batches: stats.batches ?? 0, bytes: stats.movedBytes ?? 0, moved: stats.movedRows ?? 0,
      work: stats.wallMillis ?? 0, waiting: stats.waitingMillis ?? 0, cpu: stats.cpuMillis ?? 0,
      began: stats.beganMillis, ended: stats.endedMillis,
    };
    result.push(entry);
    entry.inputs = (raw.inputs ?? []).map((input) => visit(input, depth + 1));
    return entry;
  };
  if (plan) visit(plan, 0);
  return result;
}

/** The tree as nested lists, so that assistive technology tells its levels. */
export function planView(query) {
  const all = operators(query.plan);
  if (!all.length) {
    return h('p', { class: 'muted' }, query.isDone
      ? 'This statement had no plan: it was answered at once, or failed before it was planned.'
      : 'The plan appears here as soon as the query is planned.');
  }
  const most = Math.max(...all.map((entry) => entry.work + entry.waiting), 0.001);
  const work = all.reduce((sum, entry) => sum + entry.work, 0);
  return h('div', { class: 'plan-scroll' },
    h('div', { class: 'plan-head', 'aria-hidden': 'true' },
      h('span', {}, 'Operator'), h('span', {}, 'Time ', h('small', {}, 'working, waiting')), h('span', {}, 'Rows'), h('span', {}, 'Bytes')),
    h('ul', { class: 'plan' }, branch(all[0], query, { most, work })));
}

function branch(entry, query, scale) {
  const isHot = entry.work > 0.3 * scale.work && entry.work > 5;
  const isActive = !query.isDone && entry.began !== undefined && query.elapsed - entry.ended < 1500;
  const share = (part) => ({ width: `${((100 * part) / scale.most).toFixed(1)}%` });
  return h('li', { key: entry.id },
    h('details', { class: `operator${isHot ? ' hot' : ''}${isActive ? ' active' : ''}`, 'data-operator': entry.name },
      h('summary', {},
        h('span', { class: 'operator-name' },
          h('b', {}, entry.name), entry.detail ? h('span', { class: 'operator-detail' }, entry.detail) : null),
        h('span', { class: 'operator-time', title: `${format.duration(entry.work)} working, ${format.duration(entry.waiting)} waiting` },
          h('span', {}, format.duration(entry.work)),
          h('span', { class: 'bar' }, h('i', { style: share(entry.work) }), h('i', { class: 'waiting', style: share(entry.waiting) }))),
        h('span', { class: 'figure-cell' }, format.short(entry.rows), h('small', {}, ' rows')),
        h('span', { class: 'figure-cell' }, entry.bytes ? format.bytes(entry.bytes) : '')),
      h('div', { class: 'operator-more' },
        entry.notes.length ? h('ul', {}, entry.notes.map((note) => h('li', {}, note))) : null,
        entry.remote.map(remoteText),
        h('dl', { class: 'pairs' }, [
          ['Rows out', `${format.number(entry.rows)} in ${format.plural(entry.batches, 'batch', 'batches')}`],
          entry.estimatedRows === undefined ? null : ['Estimated', format.plural(Math.round(entry.estimatedRows), 'row')],
          entry.isScan ? ['Moved', `${format.plural(entry.moved, 'row')}, ${format.bytes(entry.bytes)}`] : null,
          ['Working', `${format.duration(entry.work)} (${format.percent(entry.work, scale.work)} of all)`],
          ['Waiting', format.duration(entry.waiting)], ['Processor', format.duration(entry.cpu)],
        ].filter(Boolean).map(([name, value]) => item(name, value))),
        entry.outputs.length
          ? h('p', { class: 'outputs' }, 'yields ', entry.outputs.map(({ symbol, type }) => h('code', {}, `${symbol} ${type}`)))
          : null)),
    entry.inputs.length ? h('ul', {}, entry.inputs.map((input) => branch(input, query, scale))) : null);
}

export function remoteText(text) {
  return h('figure', { class: 'remote' }, h('figcaption', {}, 'remote SQL'), h('pre', {}, coloured(text)));
}

/** What each source delivered, with the statement it was sent. */
export function sourcesView(query) {
  const scans = operators(query.plan).filter((entry) => entry.isScan);
  if (!scans.length) return h('p', { class: 'muted' }, 'No source is read.');
  return h('div', { class: 'sources' }, scans.map((scan) =>
    h('section', { class: 'source', key: scan.id },
      h('h3', {}, scan.detail || scan.name),
      h('dl', { class: 'figures' },
        item('rows', format.number(scan.moved)), item('bytes', format.bytes(scan.bytes)), item('working', format.duration(scan.work)),
        item('waiting', format.duration(scan.waiting)), item('pace', pace(scan))),
      scan.remote.map(remoteText),
      scan.notes.map((note) => h('p', { class: 'muted note' }, note)))));
}

/** Rows and bytes a second between the scan's first call and its last. */
export function pace(scan) {
  const seconds = scan.began === undefined ? 0 : (scan.ended - scan.began) / 1000;
  return seconds > 0.001 ? `${format.short(scan.moved / seconds)} rows/s, ${format.bytes(scan.bytes / seconds)}/s` : '–';
}

const item = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
