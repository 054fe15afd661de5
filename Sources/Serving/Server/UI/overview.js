// The cluster at a glance: live charts, what runs now, what failed last.
import { json, poll } from './api.js';
import { h, show } from './dom.js';
import * as format from './format.js';
import { LiveChart } from './live-chart.js';
import { badge, isOwn, queryInfo, queryLink } from './query-info.js';

/** The totals asked for last: rates are differences. */
let last = null;

const perSecond = (text) => (value) => `${text(value)}/s`;

export function overviewPage(content) {
  const charts = {
    running: new LiveChart('Running queries', format.number, { colour: 1, limit: 4 }),
    queued: new LiveChart('Queued queries', format.number, { colour: 3, limit: 4 }),
    rows: new LiveChart('Rows read', perSecond(format.short), { colour: 2, limit: 100 }),
    bytes: new LiveChart('Bytes read', perSecond(format.bytes), { colour: 2, limit: 1024 }),
    memory: new LiveChart('Reserved memory', format.bytes, { colour: 4, limit: 1 << 20 }),
    cpu: new LiveChart('Processors busy', (value) => value.toFixed(value < 10 ? 1 : 0), { colour: 5, limit: 1 }),
    drivers: new LiveChart('Running drivers', format.number, { colour: 6, limit: 4 }),
    workers: new LiveChart('Active workers', format.number, { colour: 6, limit: 2 }),
  };
  const now = h('div', {}), failures = h('div', {});
  content.append(
    h('h1', { class: 'unseen' }, 'Cluster overview'),
    h('div', { class: 'charts' }, Object.values(charts).map((chart) => chart.element)),
    h('div', { class: 'columns' },
      h('section', { class: 'card' }, h('h2', {}, 'Running now'), now),
      h('section', { class: 'card' }, h('h2', {}, 'Failed last'), failures)));

  let before = last;
  const stopSampling = poll(async (signal) => {
    const cluster = await json('v1/cluster', signal);
    const at = Date.now();
    charts.running.add(at, cluster.runningQueries ?? 0);
    charts.queued.add(at, cluster.queuedQueries ?? 0);
    charts.memory.add(at, cluster.reservedMemory ?? 0);
    charts.drivers.add(at, cluster.runningDrivers ?? 0);
    charts.workers.add(at, cluster.activeWorkers ?? 0);
    if (before) {
      // totals of a server that has started anew begin at zero
      const rate = (field) => Math.max(0, ((cluster[field] ?? 0) - (before.cluster[field] ?? 0)) / ((at - before.at) / 1000));
      charts.rows.add(at, rate('totalInputRows'));
      charts.bytes.add(at, rate('totalInputBytes'));
      charts.cpu.add(at, rate('totalCpuTimeSecs'));
    }
    before = last = { at, cluster };
  }, 1000);

  const stopListing = poll(async (signal) => {
    const queries = (await json('v1/query', signal)).map(queryInfo).filter((query) => !isOwn(query)).reverse();
    show(now, list(queries.filter((query) => !query.isDone), 'Nothing runs.'));
    const failed = queries.filter((query) => query.state === 'FAILED' && query.errorName !== 'USER_CANCELED');
    show(failures, list(failed.slice(0, 6), 'Nothing failed.'));
  }, 2000);
  return () => [stopSampling, stopListing].forEach((stop) => stop());
}

function list(queries, otherwise) {
  if (!queries.length) return h('p', { class: 'muted' }, otherwise);
  return h('ul', { class: 'brief' }, queries.slice(0, 12).map((query) =>
    h('li', { key: query.id },
      h('a', { href: queryLink(query.id) }, badge(query), h('code', { class: 'one-line' }, query.text.replace(/\s+/g, ' ').slice(0, 300))),
      h('span', { class: 'muted' },
        query.errorName ? `${query.errorName} · ${format.clock(query.created)}` : `${query.user} · ${format.duration(query.elapsed)}`))));
}
