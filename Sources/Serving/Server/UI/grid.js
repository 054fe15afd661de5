// A result as a table: only the rows in sight exist, columns sort, cells are walked with the arrow keys.
import { cellText, compareCells, isNumeric } from './cells.js';
import { h, show } from './dom.js';
import { say } from './query-info.js';

const rowHeight = 28;

export class Grid {
  #sort = null;
  #active = { row: 0, column: 0 };
  #order = null;

  constructor() {
    this.columns = [];
    this.rows = [];
    this.table = h('table', { role: 'grid', 'aria-label': 'Result' });
    this.element = h('div', {
      class: 'grid', tabindex: 0, onscroll: () => this.#draw(), onkeydown: (event) => this.#key(event), onclick: (event) => this.#click(event),
      ondblclick: () => this.#open(),
    }, this.table);
    this.value = h('dialog', { class: 'cell-dialog', 'aria-label': 'Value' });
    this.element.append(this.value);
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** Rows grow while a query runs. */
  set(columns, rows) {
    const isNew = columns !== this.columns;
    this.columns = columns;
    this.rows = rows;
    if (isNew) {
      this.#sort = null;
      this.#active = { row: 0, column: 0 };
      this.#widths = null;
      this.element.scrollTo(0, 0);
    }
    this.#arrange();
    this.#draw();
  }

  #widths = null;

  /** In letters, from the first rows. */
  #measure() {
    if (this.#widths && this.rows.length > 0 && this.#measuredRows >= Math.min(200, this.rows.length)) return this.#widths;
    this.#measuredRows = Math.min(200, this.rows.length);
    this.#widths = this.columns.map((column, index) => {
      let most = Math.max(column.name.length + 3, Math.min(column.type.length * 0.85, 14));
      for (const row of this.rows.slice(0, 200)) most = Math.max(most, (cellText(row[index], column.type) ?? 'NULL').length);
      return Math.min(most, 48) + 3;
    });
    return this.#widths;
  }

  #measuredRows = 0;

  #arrange() {
    if (!this.#sort) {
      this.#order = null;
      return;
    }
    const { column, isDescending } = this.#sort;
    const compare = compareCells(this.columns[column].type);
    const sign = isDescending ? -1 : 1;
    const { rows } = this;
    this.#order = [...rows.keys()].sort((a, b) => {
      const left = rows[a][column], right = rows[b][column];
      const missing = (left === null) - (right === null);
      return missing || sign * compare(left, right) || a - b;
    });
  }

  /** Row in the order shown. */
  #row(index) { return this.rows[this.#order ? this.#order[index] : index]; }

  /** Rows as shown, for charts and files. */
  get shown() { return this.#order ? this.#order.map((index) => this.rows[index]) : this.rows; }

  sortBy(column) {
    const { name } = this.columns[column];
    if (this.#sort?.column !== column) this.#sort = { column, isDescending: false };
    else if (!this.#sort.isDescending) this.#sort = { column, isDescending: true };
    else this.#sort = null;
    this.#arrange();
    this.#draw();
    say(this.#sort ? `Sorted by ${name}, ${this.#sort.isDescending ? 'descending' : 'ascending'}` : 'In the order of the result');
  }

  #draw() {
    const { columns, rows, element } = this;
    if (!columns.length) return show(this.table);
    const widths = this.#measure();
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - 6);
    const last = Math.min(rows.length, first + Math.ceil((element.clientHeight || 400) / rowHeight) + 14);
    this.table.setAttribute('aria-rowcount', rows.length + 1);
    this.table.setAttribute('aria-colcount', columns.length);
    this.table.style.width = `calc(${widths.reduce((sum, width) => sum + width, 0)}ch + 5ch)`;
    const blank = (rowsBlank) => (rowsBlank > 0
      ? h('tr', { 'aria-hidden': 'true', class: 'blank', style: { height: `${rowsBlank * rowHeight}px` } }) : null);
    const body = [];
    for (let index = first; index < last; index++) body.push(this.#rowElement(index));
    show(this.table,
      h('colgroup', {}, h('col', { style: { width: '5ch' } }), widths.map((width) => h('col', { style: { width: `${width}ch` } }))),
      h('thead', {}, h('tr', { 'aria-rowindex': 1 }, h('th', { class: 'number', 'aria-label': 'Row' }), columns.map((column, index) => this.#head(column, index)))),
      h('tbody', {}, blank(first), body, blank(rows.length - last)));
  }

  #head(column, index) {
    const isSorted = this.#sort?.column === index;
    const order = isSorted ? (this.#sort.isDescending ? 'descending' : 'ascending') : 'none';
    return h('th', { scope: 'col', 'aria-sort': order, 'aria-colindex': index + 1, class: isNumeric(column.type) ? 'right' : '' },
      h('button', { type: 'button', title: `Sort by ${column.name}`, onclick: (event) => { event.stopPropagation(); this.sortBy(index); } },
        h('span', { class: 'column-name' }, column.name), h('span', { class: 'arrow', 'aria-hidden': 'true' }, isSorted ? (this.#sort.isDescending ? '▼' : '▲') : '')),
      h('small', {}, column.type));
  }

  #rowElement(index) {
    const row = this.#row(index);
    return h('tr', { 'aria-rowindex': index + 2, 'data-row': index }, h('td', { class: 'number' }, index + 1), this.columns.map((column, position) => {
      const text = cellText(row[position], column.type);
      const isActive = this.#active.row === index && this.#active.column === position;
      return h('td', {
        class: `${isNumeric(column.type) ? 'right' : ''}${text === null ? ' null' : ''}${isActive ? ' here' : ''}`, 'data-column': position,
        'aria-selected': isActive ? 'true' : null,
      }, text === null ? 'NULL' : text.length > 300 ? `${text.slice(0, 300)}…` : text);
    }));
  }

  #click(event) {
    const cell = event.target.closest?.('td[data-column]');
    if (!cell) return;
    this.#active = { row: Number(cell.parentElement.dataset.row), column: Number(cell.dataset.column) };
    this.#draw();
  }

  #key(event) {
    if (event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const moves = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0],
      Home: event.ctrlKey ? [-Infinity, 0] : [0, -Infinity], End: event.ctrlKey ? [Infinity, 0] : [0, Infinity],
    };
    if (event.key === 'Enter') return this.#open();
    if (event.key === 'c' && (event.ctrlKey || event.metaKey) && !String(getSelection())) {
      navigator.clipboard?.writeText(this.#activeText() ?? '').then(() => say('Copied'), () => {});
      return;
    }
    const move = moves[event.key];
    if (!move || !this.rows.length) return;
    event.preventDefault();
    const bound = (value, count) => Math.max(0, Math.min(count - 1, value));
    this.#active = { row: bound(this.#active.row + move[0], this.rows.length), column: bound(this.#active.column + move[1], this.columns.length) };
    this.#reveal();
    const { row, column } = this.#active;
    say(`${this.columns[column].name}, row ${row + 1}: ${this.#activeText() ?? 'null'}`);
  }

  #activeText() {
    const row = this.#row(this.#active.row);
    return row ? cellText(row[this.#active.column], this.columns[this.#active.column].type) : null;
  }

  #reveal() {
    const { element } = this;
    const top = this.#active.row * rowHeight, head = this.table.tHead?.offsetHeight ?? 0;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight + head > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + head - element.clientHeight + 2;
    this.#draw();
    this.table.querySelector('td.here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** The whole of a long value. */
  #open() {
    const column = this.columns[this.#active.column], text = this.#activeText();
    if (!column || !this.rows.length) return;
    show(this.value,
      h('form', { method: 'dialog' }, h('header', {}, h('h2', {}, column.name), h('small', {}, column.type), h('button', { 'aria-label': 'Close' }, '✕'))),
      h('pre', {}, text === null ? 'NULL' : pretty(text)));
    this.value.showModal();
  }
}

function pretty(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
