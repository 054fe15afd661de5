// The field that SQL is written in: a text area whose letters are transparent over the same text in colours, and a list of completions at the
// caret. The text area stays what it is for keyboards, screen readers and undo. Tab leaves the field unless the list is open.
import { complete, insertion } from './completion.js';
import { h } from './dom.js';
import { coloured } from './sql.js';

export class CodeField {
  #error = -1;
  #asked = 0;
  #list = null;
  #chosen = 0;

  /** `session()` answers {catalog, schema}; `run()` is called for Ctrl+Enter. */
  constructor({ text, session, run, changed }) {
    Object.assign(this, { session, run, changed });
    this.paint = h('pre', { class: 'code-paint', 'aria-hidden': 'true' });
    this.area = h('textarea', {
      class: 'code-area', id: 'sql', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off', rows: 9,
      'aria-label': 'SQL. Control and Enter runs it, Control and Space completes.', 'aria-autocomplete': 'list', 'aria-controls': 'completions',
      'aria-expanded': 'false', role: 'combobox', 'aria-haspopup': 'listbox', 'aria-multiline': 'true',
      oninput: (event) => this.#typed(event), onkeydown: (event) => this.#key(event), onscroll: () => this.#follow(),
      onblur: () => this.#close(), onclick: () => this.#close(),
    });
    this.menu = h('ul', { class: 'completions', id: 'completions', role: 'listbox', 'aria-label': 'Completions', hidden: true });
    // the coloured text scrolls inside a window of its own: the list may hang out of the field
    this.element = h('div', { class: 'code' }, h('div', { class: 'code-window' }, this.paint), this.area, this.menu);
    this.text = text;
  }

  get text() { return this.area.value; }
  set text(value) {
    this.area.value = value;
    this.#error = -1;
    this.#draw();
  }

  /** The selection, or null. */
  get selected() {
    const { selectionStart, selectionEnd, value } = this.area;
    return selectionEnd > selectionStart ? { text: value.slice(selectionStart, selectionEnd), start: selectionStart } : null;
  }

  get caret() { return this.area.selectionStart; }

  markError(offset) {
    this.#error = offset;
    this.#draw();
  }

  /** Writes `text` over the selection, so that undo knows it. */
  insert(text, from = this.area.selectionStart, to = this.area.selectionEnd) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    // execCommand keeps the field's undo history; nothing else does
    if (!document.execCommand('insertText', false, text)) this.area.setRangeText(text, from, to, 'end');
    this.#draw();
    this.changed(this.text);
  }

  #draw() {
    // a last empty line has a height only with something in it
    this.paint.replaceChildren(...coloured(this.text, this.#error), '\n');
    this.#follow();
  }

  #follow() {
    this.paint.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
  }

  #typed(event) {
    this.#error = -1;
    this.#draw();
    this.changed(this.text);
    const isTyping = event.inputType === 'insertText' && /[\p{L}\p{N}_."]/u.test(event.data ?? '');
    const isErasing = event.inputType === 'deleteContentBackward' && this.#list;
    if (isTyping || isErasing) this.#complete(false);
    else this.#close();
  }

  async #complete(isAsked) {
    const ticket = ++this.#asked;
    const { caret } = this;
    const answer = await complete(this.text, caret, this.session());
    if (ticket !== this.#asked || caret !== this.caret || document.activeElement !== this.area) return;
    const isWhole = answer?.items.length === 1 && answer.items[0].text.toLowerCase() === answer.word.toLowerCase();
    const isTooEarly = !isAsked && answer?.word.length < 1 && this.text[caret - 1] !== '.';
    if (!answer?.items.length || isWhole || isTooEarly) return this.#close();
    this.#list = answer;
    this.#chosen = 0;
    this.menu.replaceChildren(...answer.items.map((item, index) => h('li', {
      role: 'option', id: `completion-${index}`, onmousedown: (event) => { event.preventDefault(); this.#accept(index); },
    }, h('span', { class: `kind kind-${item.kind}`, 'aria-hidden': 'true' }, item.kind[0]), h('span', {}, item.text), h('small', {}, item.note ?? item.kind))));
    this.menu.hidden = false;
    this.area.setAttribute('aria-expanded', 'true');
    this.#place(answer.from);
    this.#choose(0);
  }

  /** Under the beginning of the word; the coloured text knows where that is. */
  #place(offset) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.paint, NodeFilter.SHOW_TEXT);
    let left = offset, node = walker.nextNode();
    while (node && left > node.length) {
      left -= node.length;
      node = walker.nextNode();
    }
    if (!node) return;
    range.setStart(node, Math.min(left, node.length));
    range.setEnd(node, Math.min(left + 1, node.length));
    const at = range.getClientRects()[0] ?? this.paint.getBoundingClientRect();
    const box = this.element.getBoundingClientRect();
    const width = Math.min(340, box.width);
    this.menu.style.insetInlineStart = `${Math.max(0, Math.min(at.left - box.left, box.width - width))}px`;
    this.menu.style.insetBlockStart = `${at.top - box.top + 22}px`;
  }

  #choose(index) {
    const options = [...this.menu.children];
    this.#chosen = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === this.#chosen)));
    this.area.setAttribute('aria-activedescendant', `completion-${this.#chosen}`);
    options[this.#chosen]?.scrollIntoView({ block: 'nearest' });
  }

  #accept(index) {
    const { from, items } = this.#list;
    this.#close();
    this.insert(insertion(items[index]), from, this.caret);
  }

  #close() {
    this.#asked += 1;
    this.#list = null;
    this.menu.hidden = true;
    this.area.setAttribute('aria-expanded', 'false');
    this.area.removeAttribute('aria-activedescendant');
  }

  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#close();
      return this.run();
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      return this.#complete(true);
    }
    if (!this.#list) return this.#indent(event);
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (move !== undefined) this.#choose(this.#chosen + move);
    else if (event.key === 'Tab' || event.key === 'Enter') this.#accept(this.#chosen);
    else if (event.key === 'Escape') this.#close();
    else {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) this.#close();
      return;
    }
    event.preventDefault();
  }

  /** A new line begins where the one before it began. */
  #indent(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    const line = this.text.slice(0, this.caret).split('\n').at(-1);
    const blanks = /^[ \t]+/.exec(line)?.[0];
    if (!blanks) return;
    event.preventDefault();
    this.insert(`\n${blanks}`);
  }
}
