// Presto's JSON of a query as the pages use it, and the small pieces that show one.
import { h } from './dom.js';
import * as format from './format.js';

/** The page's own look-ups: they say so, and lists leave them out. */
export const ownTag = 'minipresto-ui-metadata';

export function queryInfo(raw) {
  const stats = raw.queryStats ?? {};
  const created = Date.parse(stats.createTime);
  return {
    id: raw.queryId,
    state: raw.state,
    isDone: raw.state === 'FINISHED' || raw.state === 'FAILED' || raw.state === 'CANCELED',
    text: raw.query ?? '',
    user: raw.session?.user ?? '',
    source: raw.session?.source ?? '',
    catalog: raw.session?.catalog ?? '',
    schema: raw.session?.schema ?? '',
    tags: raw.session?.clientTags ?? [],
    session: raw.session ?? {},
    group: (raw.resourceGroupId ?? []).join('.'),
    kind: raw.updateType ?? raw.queryType ?? '',
    created,
    ended: stats.endTime ? Date.parse(stats.endTime) : null,
    elapsed: format.milliseconds(stats.elapsedTime),
    queued: format.milliseconds(stats.queuedTime),
    planning: format.milliseconds(stats.planningTime ?? stats.totalPlanningTime ?? stats.analysisTime),
    running: format.milliseconds(stats.executionTime),
    cpu: format.milliseconds(stats.totalCpuTime),
    rows: stats.rawInputPositions ?? 0,
    bytes: format.size(stats.rawInputDataSize),
    output: stats.outputPositions ?? 0,
    memory: format.size(stats.userMemoryReservation),
    peakMemory: format.size(stats.peakUserMemoryReservation),
    spilled: format.size(stats.spilledDataSize),
    progress: stats.progressPercentage,
    sources: stats.sources ?? [],
    /** A tree of operators {id, name, detail, notes, outputs, stats, inputs}; moments in ms since the query came. */
    plan: typeof raw.plan === 'object' ? raw.plan : null,
    queueReason: raw.queueReason ?? stats.queueReason ?? null,
    errorName: raw.errorCode?.name ?? null,
    errorType: raw.errorType ?? raw.errorCode?.type ?? null,
    errorMessage: raw.failureInfo?.message ?? null,
    errorLocation: raw.failureInfo?.errorLocation ?? null,
    warnings: raw.warnings ?? [],
  };
}

export const isOwn = (query) => query.tags.includes(ownTag);

/** What a person calls it: who cancels their own query has not failed. */
export function stateWord(query) {
  if (query.state === 'FAILED' && query.errorName === 'USER_CANCELED') return 'CANCELED';
  return query.state ?? '';
}

export const badge = (query) => {
  const word = stateWord(query);
  return h('span', { class: `badge state-${word.toLowerCase()}` }, word.replaceAll('_', ' ').toLowerCase());
};

export const queryLink = (id) => `#/query/${encodeURIComponent(id)}`;

/** One figure with its name. */
export const figure = (name, value, note) =>
  h('div', { class: 'figure' }, h('dt', {}, name), h('dd', {}, value, note ? h('small', {}, note) : null));

/** Says something to people who do not see the page. */
export function say(text) {
  document.getElementById('said').textContent = text;
}
