// A result as a chart: bars, lines or points; one column across, any number of columns up.
import { cellNumber, cellText, cellTime, isNumeric, isTemporal } from './cells.js';
import { h, s, show } from './dom.js';
import * as format from './format.js';

const margin = { top: 14, right: 16, bottom: 46, left: 62 };
const height = 340;
/** Marks a series; more are thinned out. */
const markLimit = 1200, barLimit = 80, seriesLimit = 8;

/** All columns that are no numbers, together. */
const allTexts = -2;

export class ResultChart {
  constructor() {
    this.columns = [];
    this.rows = [];
    this.choice = null;
    this.element = h('div', { class: 'chart' });
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  set(columns, rows) {
    if (columns !== this.columns) this.choice = suggestion(columns, rows);
    this.columns = columns;
    this.rows = rows;
    this.#draw();
  }

  #draw() {
    const { columns, rows, choice, element } = this;
    if (!element.isConnected || element.closest('[hidden]')) return;
    const numbers = columns.map((column, index) => ({ column, index })).filter(({ column }) => isNumeric(column.type));
    if (!rows.length || !numbers.length) {
      return show(element, h('p', { class: 'muted' }, rows.length ? 'A chart needs a column of numbers.' : 'There are no rows to draw.'));
    }
    const texts = columns.filter((column) => !isNumeric(column.type));
    const redo = () => this.#draw();
    show(element,
      h('div', { class: 'choices' },
        h('label', {}, 'Kind ', select('kind', choice.kind, [['bar', 'Bars'], ['line', 'Lines'], ['point', 'Points']], (kind) => { choice.kind = kind; redo(); })),
        h('label', {}, 'Across ', select('across', String(choice.x), [['-1', 'row number'], ...(texts.length > 1 ? [['-2', texts.map(({ name }) => name).join(', ')]] : []), ...columns.map((column, index) => [String(index), column.name])],
          (x) => { choice.x = Number(x); redo(); })),
        h('fieldset', {}, h('legend', {}, 'Up'), numbers.map(({ column, index }) => {
          const position = choice.y.indexOf(index);
          return h('label', { key: String(index), class: position >= 0 ? `series-${(position % 6) + 1}` : '' }, h('input', {
            type: 'checkbox', checked: position >= 0,
            onchange: (event) => {
              choice.y = event.target.checked ? [...choice.y, index].slice(0, seriesLimit) : choice.y.filter((other) => other !== index);
              redo();
            },
          }), h('span', { class: 'swatch', 'aria-hidden': 'true' }), column.name);
        }))),
      this.#drawing(Math.max(280, element.clientWidth)));
  }

  #drawing(width) {
    const { columns, rows, choice } = this;
    if (!choice.y.length) return h('p', { class: 'muted' }, 'Choose a column to draw.');
    const limit = choice.kind === 'bar' ? barLimit : markLimit;
    const step = choice.kind === 'bar' ? 1 : Math.ceil(rows.length / limit);
    const drawn = rows.filter((_, index) => index % step === 0).slice(0, limit);
    const across = axisAcross(choice, columns, drawn);
    const values = choice.y.map((column) => drawn.map((row) => cellNumber(row[column])));
    const finite = values.flat().filter(Number.isFinite);
    const low = Math.min(...finite), high = Math.max(...finite);
    const needsZero = choice.kind === 'bar' || (low > 0 && low < 0.5 * high);
    const ticks = niceTicks(needsZero ? Math.min(0, low) : low, needsZero ? Math.max(0, high) : high);
    const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
    const y = (value) => margin.top + inner.height * (1 - (value - ticks[0]) / (ticks.at(-1) - ticks[0] || 1));
    const x = (index) => margin.left + inner.width * across.place(index);
    const names = choice.y.map((column) => columns[column].name);
    const left = drawn.length < rows.length ? `${format.number(drawn.length)} of ${format.number(rows.length)} rows drawn` : '';
    return h('figure', {},
      s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `${names.join(', ')} by ${across.name}, ${drawn.length} rows` },
        ticks.map((tick) => [
          s('line', { class: 'base', x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
          s('text', { class: 'tick', x: margin.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, tickText(tick)),
        ]),
        across.labels(inner.width).map(({ index, text }) =>
          s('text', { class: 'tick', x: x(index), y: height - margin.bottom + 18, 'text-anchor': 'middle' }, text, s('title', {}, across.text(index)))),
        s('text', { class: 'axis-name', x: margin.left + inner.width / 2, y: height - 6, 'text-anchor': 'middle' }, across.name),
        values.map((series, position) => s('g', { class: `series-${(position % 6) + 1}` }, marks(choice.kind, series, {
          x, y, zero: y(Math.max(ticks[0], Math.min(0, ticks.at(-1)))), across, inner, position, count: values.length, name: names[position],
        })))),
      left ? h('figcaption', { class: 'muted' }, left) : null);
  }
}

function select(name, current, options, choose) {
  return h('select', { 'aria-label': name, onchange: (event) => choose(event.target.value) },
    options.map(([value, text]) => h('option', { value, selected: value === current }, text)));
}

function marks(kind, series, { x, y, zero, across, inner, position, count, name }) {
  const title = (index) => s('title', {}, `${across.text(index)}\n${name}: ${format.number(series[index]) === String(series[index]) ? series[index] : series[index].toLocaleString('en')}`);
  if (kind === 'bar') {
    const room = inner.width / series.length, width = Math.max(1, (room * 0.78) / count);
    return series.map((value, index) => Number.isFinite(value) && s('rect', {
      class: 'fill', x: (x(index) - (width * count) / 2 + position * width).toFixed(1), y: Math.min(y(value), zero).toFixed(1), width: width.toFixed(1),
      height: Math.max(0.5, Math.abs(y(value) - zero)).toFixed(1), rx: Math.min(2, width / 4),
    }, title(index)));
  }
  const points = series.map((value, index) => ({ value, index, at: across.place(index) })).filter(({ value, at }) => Number.isFinite(value) && Number.isFinite(at));
  const dots = () => points.map(({ value, index }) => s('circle', { class: 'fill', cx: x(index).toFixed(1), cy: y(value).toFixed(1), r: kind === 'point' ? 3.2 : 2.4 }, title(index)));
  if (kind === 'point') return dots();
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const path = sorted.map(({ value, index }, order) => `${order ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return [s('path', { class: 'line', d: path }), points.length <= 150 ? dots() : null];
}

/** Where each row stands across: in time or number where they are such, else side by side. */
function axisAcross(choice, columns, rows) {
  const column = columns[choice.x];
  const type = column?.type ?? 'varchar';
  const texts = columns.map((other, index) => ({ ...other, index })).filter((other) => !isNumeric(other.type));
  const cell = (row, index, of) => cellText(row?.[index], of) ?? 'NULL';
  const text = (index) => (column ? cell(rows[index], choice.x, type)
    : choice.x === allTexts ? texts.map((other) => cell(rows[index], other.index, other.type)).join(' · ') : `row ${index + 1}`);
  const numbers = rows.map((row, index) => (choice.x === -1 ? index : !column ? NaN : isTemporal(type) ? cellTime(row[choice.x], type) : isNumeric(type) ? cellNumber(row[choice.x]) : NaN));
  const finite = numbers.filter(Number.isFinite);
  const low = Math.min(...finite), high = Math.max(...finite);
  const isScaled = choice.kind !== 'bar' && finite.length === rows.length && high > low;
  const place = isScaled ? (index) => 0.01 + (0.98 * (numbers[index] - low)) / (high - low) : (index) => (index + 0.5) / rows.length;
  const labels = (width) => {
    const longest = Math.max(...rows.slice(0, 200).map((_, index) => Math.min(14, text(index).length)), 3);
    const fit = Math.max(1, Math.floor(width / (longest * 7 + 12)));
    const step = Math.max(1, Math.ceil(rows.length / fit));
    const order = isScaled ? [...rows.keys()].sort((a, b) => numbers[a] - numbers[b]) : [...rows.keys()];
    let last = -1;
    return order.filter((index, position) => {
      if (isScaled) {
        if (last >= 0 && (place(index) - last) * width < longest * 7 + 12) return false;
        last = place(index);
        return true;
      }
      return position % step === 0;
    }).map((index) => ({ index, text: clip(text(index)) }));
  };
  return { name: column?.name ?? (choice.x === allTexts ? texts.map(({ name }) => name).join(', ') : 'row'), place, labels, text };
}

const clip = (text) => (text.length > 14 ? `${text.slice(0, 13)}…` : text);

/** Five or so round numbers from below `low` to above `high`. */
export function niceTicks(low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) [low, high] = low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, low)];
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power * 10;
  const first = Math.floor(low / step), last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

const tickText = (value) => (Math.abs(value) >= 10000 ? format.short(value) : String(value));

/** What a person most likely wants to see: time across as a line, names across as bars. */
function suggestion(columns, rows) {
  const index = (holds) => columns.findIndex((column) => holds(column.type));
  let x = index(isTemporal);
  let kind = 'line';
  if (x < 0) {
    x = columns.findIndex((column) => !isNumeric(column.type));
    kind = 'bar';
  }
  if (x < 0) {
    x = columns.length > 1 ? 0 : -1;
    kind = rows.length > barLimit ? 'line' : 'bar';
  }
  const texts = columns.filter((column) => !isNumeric(column.type));
  if (x >= 0 && kind === 'bar' && texts.length > 1 && new Set(rows.map((row) => row[x])).size < rows.length) x = allTexts;
  const measures = [...columns.keys()].filter((position) => position !== x && isNumeric(columns[position].type));
  const size = (position) => Math.max(...rows.slice(0, 500).map((row) => Math.abs(cellNumber(row[position])) || 0), 0);
  // beside one that is a hundred times larger a measure is a flat line
  const alike = measures.filter((position) => size(position) * 30 > size(measures[0]) && size(position) < size(measures[0]) * 30);
  return { kind, x, y: alike.length ? alike.slice(0, 3) : measures.length ? [measures[0]] : x >= 0 && isNumeric(columns[x].type) ? [x] : [] };
}
