// The machines: this server, and the workers it knows.
import { json, jsonOr, poll } from './api.js';
import { h, show } from './dom.js';
import * as format from './format.js';

export function workersPage(content) {
  const body = h('div', {});
  content.append(h('h1', {}, 'Workers'), body);
  return poll(async (signal) => {
    const [status, nodes, failed] = await Promise.all([
      json('v1/status', signal), jsonOr([], 'v1/node', signal), jsonOr([], 'v1/node/failed', signal),
    ]);
    const failing = new Set(failed.map((node) => node.uri));
    show(body,
      h('div', { class: 'workers' }, machine(status), nodes.map((node) => worker(node, failing.has(node.uri)))),
      nodes.length ? null : h('p', { class: 'muted' }, 'One process runs everything: there are no other workers.'));
  }, 2000);
}

function machine(status) {
  const pool = status.memoryInfo?.pool ?? Object.values(status.memoryInfo?.pools ?? {})[0] ?? {};
  const most = pool.maxBytes ?? 0, reserved = pool.reservedBytes ?? 0;
  return h('section', { class: 'card', key: 'self' },
    h('div', { class: 'query-head' }, h('h2', {}, status.nodeId ?? 'this server'), h('span', { class: 'badge state-finished' }, status.coordinator ? 'coordinator' : 'worker')),
    meter('Memory of queries', reserved, most, `${format.bytes(reserved)} of ${format.bytes(most)}`),
    meter('Load of the processors', status.systemCpuLoad ?? 0, 1, format.percent(status.systemCpuLoad ?? 0, 1)),
    h('dl', { class: 'pairs' },
      pair('Address', status.externalAddress), pair('Version', status.nodeVersion?.version), pair('Environment', status.environment),
      pair('Up for', format.duration(format.milliseconds(status.uptime))), pair('Processors', status.processors),
      pair('Process memory', format.bytes(status.heapUsed))));
}

function worker(node, isFailing) {
  return h('section', { class: 'card', key: node.uri },
    h('div', { class: 'query-head' }, h('h2', {}, node.uri),
      h('span', { class: `badge ${isFailing ? 'state-failed' : 'state-finished'}` }, isFailing ? 'failing' : 'active')),
    h('dl', { class: 'pairs' },
      pair('Known for', format.duration(format.milliseconds(node.age))),
      pair('Failed requests', format.percent(node.recentFailureRatio ?? 0, 1)),
      pair('Recent requests', format.number(node.recentRequests)), pair('Last answer', node.lastResponseTime && format.clock(node.lastResponseTime))));
}

const pair = (name, value) => (value === undefined || value === null || value === '' ? null : h('div', {}, h('dt', {}, name), h('dd', {}, String(value))));

export function meter(name, value, most, text) {
  return h('div', { class: 'meter' }, h('span', {}, name), h('span', { class: 'meter-text' }, text),
    h('span', { class: 'bar', role: 'meter', 'aria-label': name, 'aria-valuenow': value, 'aria-valuemin': 0, 'aria-valuemax': most, 'aria-valuetext': text },
      h('i', { style: { width: `${most > 0 ? Math.min(100, (100 * value) / most) : 0}%` } })));
}
