// The editor: writes and runs statements, shows results as a table and as a chart, keeps a history.
import { CodeField } from './code-field.js';
import { csv, download, jsonRows } from './cells.js';
import { h, show } from './dom.js';
import * as format from './format.js';
import { Grid } from './grid.js';
import { HistoryList, remember } from './history.js';
import { metadata } from './metadata.js';
import { queryLink, say } from './query-info.js';
import { ResultChart } from './result-chart.js';
import { settings } from './settings.js';
import { offsetOf, statementAt } from './sql.js';
import { isInTransaction, QueryError, Statement } from './statement.js';
import { Tabs } from './tabs.js';
import { catalogTree } from './tree.js';

/** Rows fetched before the page asks whether to go on. */
const rowStep = 50_000;

class Editor {
  statement = null;
  result = null;

  constructor(content) {
    this.field = new CodeField({
      text: settings.draft, session: () => ({ catalog: settings.catalog, schema: settings.schema }),
      run: () => this.run(), changed: (text) => { settings.draft = text; },
    });
    this.grid = new Grid();
    this.chart = new ResultChart();
    this.history = new HistoryList((entry) => this.bringBack(entry));
    this.tree = catalogTree((text) => this.field.insert(text));
    this.runButton = h('button', { type: 'button', class: 'primary', id: 'run', onclick: () => this.run() }, 'Run', h('kbd', {}, 'Ctrl ↵'));
    this.cancelButton = h('button', { type: 'button', class: 'danger', id: 'cancel', disabled: true, onclick: () => this.cancel() }, 'Cancel');
    this.catalog = h('select', { id: 'catalog', onchange: () => this.choose(this.catalog.value, '') });
    this.schema = h('select', { id: 'schema', onchange: () => this.choose(settings.catalog, this.schema.value) });
    this.user = h('input', {
      id: 'user', value: settings.user, size: 10, autocomplete: 'username', onchange: () => { settings.user = this.user.value.trim() || 'web'; },
    });
    this.state = h('div', { class: 'run-state', role: 'status' });
    this.problem = h('div', {});
    this.tabs = new Tabs('Result', [['table', 'Table', this.grid.element], ['chart', 'Chart', this.chart.element]], () => this.drawResult());
    this.more = h('button', { type: 'button', hidden: true, onclick: () => this.fetch() }, 'Fetch more rows');
    this.downloads = h('div', { class: 'downloads', hidden: true },
      h('button', { type: 'button', onclick: () => this.download('csv') }, 'CSV'), h('button', { type: 'button', onclick: () => this.download('json') }, 'JSON'));
    const side = new Tabs('Names and history', [
      ['catalogs', 'Catalogs', h('div', {}, this.tree.element, h('button', { type: 'button', class: 'quiet small', onclick: () => this.refresh() }, 'Ask again'))],
      ['history', 'History', this.history.element],
    ]);
    const label = (name, element) => h('label', {}, h('span', {}, name), element);
    content.append(h('h1', { class: 'unseen' }, 'Editor'), h('div', { class: 'editor' },
      h('details', { class: 'card side', open: matchMedia('(min-width: 60rem)').matches }, h('summary', {}, 'Catalogs and history'), side.list, side.panels),
      h('div', { class: 'work' },
        h('div', { class: 'toolbar' }, this.runButton, this.cancelButton, h('span', { class: 'spacer' }),
          label('Catalog', this.catalog), label('Schema', this.schema), label('User', this.user)),
        this.field.element,
        h('section', { class: 'card result', 'aria-label': 'Result' },
          h('div', { class: 'result-head' }, this.tabs.list, this.state, this.downloads),
          this.problem, this.tabs.panels, this.more))));
    this.drawResult();
    this.drawSession();
    this.drawState();
  }

  async drawSession() {
    const options = (names, current) => ['', ...names, ...(current && !names.includes(current) ? [current] : [])]
      .map((name) => h('option', { value: name, selected: name === current }, name || '–'));
    const { catalog, schema } = settings;
    show(this.catalog, options([], catalog));
    show(this.schema, options([], schema));
    show(this.catalog, options(await metadata.catalogs(), settings.catalog));
    this.catalog.value = settings.catalog;
    show(this.schema, options(settings.catalog ? await metadata.schemas(settings.catalog) : [], settings.schema));
    this.schema.value = settings.schema;
  }

  choose(catalog, schema) {
    settings.catalog = catalog;
    settings.schema = schema;
    this.drawSession();
  }

  refresh() {
    this.tree.refresh();
    this.drawSession();
  }

  bringBack(entry) {
    this.field.text = entry.text;
    settings.draft = entry.text;
    this.choose(entry.catalog ?? settings.catalog, entry.schema ?? settings.schema);
    this.field.area.focus();
  }

  /** Runs what is selected, else the statement at the caret. */
  async run() {
    if (this.isRunning) return;
    if (this.statement?.isOpen) this.statement.cancel();
    const part = this.field.selected ?? statementAt(this.field.text, this.field.caret);
    if (!part?.text.trim()) return say('There is no statement to run');
    const blanks = /^\s*/.exec(part.text)[0].length;
    this.offset = part.start + blanks;
    const text = part.text.trim().replace(/;\s*$/, '');
    const { catalog, schema } = settings;
    this.statement = new Statement(text, { catalog, schema, isSession: true });
    this.result = { columns: null, rows: [], stats: null, error: null, updateType: null, warnings: [], began: performance.now(), at: Date.now(), limit: 0 };
    this.field.markError(-1);
    show(this.problem);
    this.drawResult();
    await this.fetch();
  }

  /** Pages until the end, or until there are enough rows for now. */
  async fetch() {
    const { statement, result } = this;
    if (!statement) return;
    result.limit += rowStep;
    Object.assign(result, { finished: false, isPaused: false });
    this.more.hidden = true;
    this.setRunning(true);
    try {
      while (result.rows.length < result.limit) {
        const page = await statement.next();
        if (statement !== this.statement) return;
        if (!page) break;
        if (page.columns && !result.columns) result.columns = page.columns;
        if (page.data) for (const row of page.data) result.rows.push(row);
        Object.assign(result, { stats: page.stats ?? result.stats, updateType: page.updateType ?? result.updateType, warnings: page.warnings ?? [] });
        if (page.updateCount !== undefined) result.updateCount = page.updateCount;
        this.drawState();
        if (page.data) this.drawResult();
      }
      result.isPaused = statement.isOpen;
    } catch (error) {
      if (statement !== this.statement) return;
      result.error = error;
      if (error.name === 'AbortError') result.error = new QueryError({ message: 'Query was canceled', errorName: 'USER_CANCELED' });
    }
    this.finish();
  }

  finish() {
    const { statement, result } = this;
    result.elapsed = performance.now() - result.began;
    result.finished = true;
    this.setRunning(false);
    this.more.hidden = !result.isPaused || result.error !== null;
    this.drawProblem();
    this.drawResult();
    this.drawSession();
    const state = result.error ? (result.error.errorName === 'USER_CANCELED' ? 'CANCELED' : 'FAILED') : 'FINISHED';
    if (statement.id) {
      remember({
        id: statement.id, text: statement.text, catalog: settings.catalog, schema: settings.schema, at: result.at, state,
        elapsed: result.elapsed, rows: result.error ? undefined : result.rows.length,
      });
      this.history.draw();
    }
    if (/^(CREATE|DROP|ALTER)/.test(result.updateType ?? '')) this.refresh();
    say(result.error ? `The query failed: ${result.error.message}` : `${format.plural(result.rows.length, 'row')} in ${format.duration(result.elapsed)}`);
  }

  async cancel() {
    this.cancelButton.disabled = true;
    await this.statement?.cancel();
  }

  setRunning(isRunning) {
    this.isRunning = isRunning;
    this.runButton.disabled = isRunning;
    this.cancelButton.disabled = !isRunning;
    clearInterval(this.timer);
    if (isRunning) this.timer = setInterval(() => this.drawState(), 200);
    this.drawState();
  }

  drawState() {
    const { statement, result, state } = this;
    if (!result) return show(state, h('span', { class: 'muted' }, 'Ctrl+Enter runs the statement at the caret, Ctrl+Space completes.'));
    const elapsed = result.finished ? result.elapsed : performance.now() - result.began;
    const stats = result.stats ?? {};
    const word = result.error ? (result.error.errorName === 'USER_CANCELED' ? 'canceled' : 'failed') : result.finished ? (result.isPaused ? 'paused' : 'finished') : (stats.state ?? 'queued').toLowerCase();
    const facts = [
      result.updateType && (result.updateCount === undefined ? result.updateType : `${result.updateType}: ${format.plural(result.updateCount, 'row')}`),
      result.columns && !result.updateType && format.plural(result.rows.length, 'row'),
      format.duration(elapsed),
      stats.processedRows > 0 && `${format.short(stats.processedRows)} rows, ${format.bytes(stats.processedBytes)} read`,
      stats.processedRows > 0 && !result.finished && `${format.short(stats.processedRows / (elapsed / 1000))} rows/s`,
      isInTransaction() && 'in a transaction',
    ].filter(Boolean);
    show(state,
      h('span', { class: `badge state-${word}` }, word), h('span', {}, facts.join(' · ')),
      statement?.id ? h('a', { href: queryLink(statement.id) }, 'plan and details') : null,
      this.isRunning ? progress(stats) : null);
  }

  drawProblem() {
    const { result } = this;
    const warnings = result.warnings.map((warning) => h('p', { class: 'warning-line' }, h('strong', {}, warning.warningCode?.name ?? 'WARNING'), ' ', warning.message));
    if (!result.error || result.error.errorName === 'USER_CANCELED') return show(this.problem, warnings);
    const { errorName, location, message } = result.error;
    if (location) {
      const offset = this.offset + offsetOf(this.statement.text, location.lineNumber, location.columnNumber);
      this.field.markError(offset);
    }
    show(this.problem, h('div', { class: 'error-card message', role: 'alert' }, h('strong', {}, errorName ?? 'ERROR'), ' ', message), warnings);
  }

  drawResult() {
    const { columns, rows } = this.result ?? {};
    const isShown = Boolean(columns) && !this.result.updateType;
    this.tabs.list.hidden = !isShown;
    this.tabs.panels.hidden = !isShown;
    this.downloads.hidden = !isShown || !rows.length || this.isRunning;
    if (!isShown) return;
    this.grid.set(columns, rows);
    // growing charts are drawn at the end: each is a whole drawing
    if (this.tabs.current === 'chart' && !this.isRunning) this.chart.set(columns, this.grid.shown);
  }

  download(kind) {
    const { columns } = this.result, rows = this.grid.shown;
    const name = `${this.statement.id ?? 'result'}.${kind}`;
    if (kind === 'csv') download(name, 'text/csv;charset=utf-8', csv(columns, rows));
    else download(name, 'application/json', jsonRows(columns, rows));
  }

  leave() {
    clearInterval(this.timer);
    const { statement } = this;
    this.statement = null;
    // nobody would read its rows any more
    if (statement?.isOpen) statement.cancel();
  }
}

function progress(stats) {
  const share = stats.progressPercentage ?? (stats.totalSplits > 0 ? (100 * stats.completedSplits) / stats.totalSplits : null);
  return h('progress', share > 0 ? { max: 100, value: share, 'aria-label': 'Progress' } : { 'aria-label': 'Running' });
}

export function editorPage(content) {
  const editor = new Editor(content);
  return () => editor.leave();
}
