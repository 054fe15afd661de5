// When what happened: the query's phases, and each operator from its first row asked for to its last.
import { h } from './dom.js';
import * as format from './format.js';
import { operators } from './plan.js';

export function timelineView(query) {
  const whole = Math.max(query.elapsed, 0.001);
  const phases = [
    { name: 'queued', from: 0, to: query.queued, kind: 'queued' },
    { name: 'planning', from: query.queued, to: query.queued + query.planning, kind: 'planning' },
    { name: 'running', from: query.queued + query.planning, to: query.elapsed, kind: 'running' },
  ].filter((phase) => phase.to > phase.from);
  const stages = operators(query.plan)
    .filter((entry) => entry.began !== undefined)
    .map(({ name, detail, depth, began, ended, isScan }) => ({ name, detail, depth, from: began, to: ended, kind: isScan ? 'source' : 'operator' }));
  return h('div', { class: 'timeline' },
    h('ol', {}, [...phases, ...stages].map((bar, index) => {
      const from = Math.min(bar.from, whole), to = Math.min(Math.max(bar.to, from), whole);
      return h('li', { key: `${index}` },
        h('span', { class: 'bar-name', title: bar.detail ?? '', style: { 'padding-inline-start': `${Math.min(bar.depth ?? 0, 8) * 0.6}em` } },
          bar.name, bar.detail ? h('small', {}, ` ${bar.detail}`) : null),
        h('span', { class: 'track' }, h('i', {
          class: `bar-${bar.kind}`,
          style: { 'inset-inline-start': `${(100 * from) / whole}%`, width: `${Math.max(0.4, (100 * (to - from)) / whole)}%` },
        })),
        h('span', { class: 'bar-time' }, format.duration(to - from)));
    })),
    h('p', { class: 'axis', 'aria-hidden': 'true' }, [0, 0.25, 0.5, 0.75, 1].map((part) => h('span', {}, format.duration(part * whole)))));
}
