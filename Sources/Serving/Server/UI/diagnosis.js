// Why a query waits or was slow, in sentences: what the figures say, most telling first.
import * as format from './format.js';
import { operators, pace } from './plan.js';

const title = (entry) => (entry.detail ? `${entry.name}[${entry.detail.slice(0, 80)}]` : entry.name);

/** Why it is in the queue, from its group's state and the queries before it. null: it does not wait. */
export function whyQueued(query, queries, groups) {
  if (query.state !== 'QUEUED') return null;
  if (query.queueReason) return query.queueReason;
  const same = queries.filter((other) => other.group === query.group);
  const running = same.filter((other) => !other.isDone && other.state !== 'QUEUED').length;
  const before = same.filter((other) => other.state === 'QUEUED' && other.created < query.created).length;
  const group = find(groups, query.group);
  const limit = group?.hardConcurrencyLimit;
  const used = limit ? `${format.plural(running, 'query runs', 'queries run')} of ${limit} allowed` : format.plural(running, 'query runs', 'queries run');
  return `Waits for ${format.duration(query.queued)} in resource group ${query.group || 'global'}: ${used}, ${format.number(before)} before it in the queue.`;
}

function find(groups, path) {
  for (const group of groups ?? []) {
    const id = Array.isArray(group.id) ? group.id.join('.') : group.id;
    if (id === path) return group;
    const below = find(group.subGroups, path);
    if (below) return below;
  }
  return null;
}

/** Findings {text, weight}, heaviest first. */
export function whySlow(query) {
  const findings = [];
  const add = (weight, text) => findings.push({ weight, text });
  const whole = query.elapsed;
  if (query.queued > 100 && query.queued > 0.2 * whole) {
    add(query.queued / whole, `It waited ${format.duration(query.queued)} (${format.percent(query.queued, whole)}) in resource group ${query.group || 'global'} before it was planned.`);
  }
  if (query.planning > 200 && query.planning > 0.3 * whole) {
    add(query.planning / whole, `Planning took ${format.duration(query.planning)} (${format.percent(query.planning, whole)}): sources were slow to tell of their tables and statistics.`);
  }
  if (whole > 100) findings.push(...operatorFindings(query));
  if (query.spilled > 0) add(0.4, `${format.bytes(query.spilled)} did not fit in memory and were written to disk.`);
  if (query.output > 1e6) add(0.3, `${format.number(query.output)} rows went to the client: the query can run no faster than the client reads.`);
  return findings.sort((a, b) => b.weight - a.weight).slice(0, 5);
}

function operatorFindings(query) {
  const findings = [];
  const all = operators(query.plan);
  const work = all.reduce((sum, entry) => sum + entry.work, 0);
  for (const entry of all) {
    if (entry.work > 0.3 * work && entry.work > 20) {
      const source = entry.isScan ? `: ${pace(entry)}` : '';
      findings.push({
        weight: entry.work / work,
        text: `${format.percent(entry.work, work)} of the work (${format.duration(entry.work)}, all drivers together) is in ${title(entry)}${source}.`,
      });
    }
    // waiting of other operators is waiting for these
    if (entry.isScan && entry.waiting > 0.4 * query.running && entry.waiting > 4 * entry.work) {
      findings.push({
        weight: 0.6, text: `${title(entry)} waited ${format.duration(entry.waiting)} for its source (${pace(entry)}), and worked ${format.duration(entry.work)}.`,
      });
    }
    const rowsIn = entry.inputs.reduce((most, input) => Math.max(most, input.rows), 0);
    if (entry.name === 'Filter' && rowsIn > 100e3 && entry.rows < 0.05 * rowsIn) {
      findings.push({
        weight: 0.35,
        text: `${title(entry)} keeps ${format.short(entry.rows)} of ${format.short(rowsIn)} rows` +
          (entry.inputs.some((input) => input.isScan) ? ': the source could not apply this condition itself.' : '.'),
      });
    }
    if (entry.name.endsWith('Join') && entry.rows > 1e6 && entry.rows > 5 * rowsIn) {
      findings.push({
        weight: 0.5,
        text: `${title(entry)} makes ${format.short(entry.rows)} rows of ${format.short(rowsIn)}: its keys are unique on neither side, or are missing.`,
      });
    }
    if (entry.estimatedRows > 0 && entry.rows > 50 * entry.estimatedRows && entry.rows > 100e3) {
      findings.push({
        weight: 0.3,
        text: `${title(entry)} was expected to yield ${format.short(entry.estimatedRows)} rows and yielded ${format.short(entry.rows)}: the plan was chosen on a wrong estimate.`,
      });
    }
  }
  return findings;
}
