// The statements that were run in this browser.
import { h, show } from './dom.js';
import * as format from './format.js';
import { queryLink } from './query-info.js';
import { historyLimit, settings } from './settings.js';

export function remember(entry) {
  const others = settings.history.filter((other) => other.id !== entry.id);
  settings.history = [{ ...entry, text: entry.text.slice(0, 20000) }, ...others].slice(0, historyLimit);
}

export class HistoryList {
  constructor(choose) {
    this.choose = choose;
    this.search = h('input', { type: 'search', placeholder: 'Search history', 'aria-label': 'Search history', oninput: () => this.draw() });
    this.list = h('div', {});
    this.element = h('div', { class: 'history' }, this.search, this.list);
    this.draw();
  }

  draw() {
    const wanted = this.search.value.toLowerCase();
    const entries = settings.history.filter((entry) => entry.text.toLowerCase().includes(wanted));
    show(this.list,
      entries.length ? null : h('p', { class: 'muted' }, 'No statement yet.'),
      h('ul', {}, entries.map((entry) => h('li', { key: entry.id },
        h('button', { type: 'button', class: 'history-text', title: 'Bring back into the editor', onclick: () => this.choose(entry) },
          h('code', {}, entry.text.trim().slice(0, 240))),
        h('p', { class: 'muted' },
          h('span', { class: `dot state-${entry.state.toLowerCase()}`, 'aria-hidden': 'true' }),
          `${entry.state.toLowerCase()} · ${format.clock(entry.at)} · ${format.duration(entry.elapsed)}`,
          entry.rows === undefined ? '' : ` · ${format.plural(entry.rows, 'row')}`, ' · ',
          h('a', { href: queryLink(entry.id) }, 'query'))))),
      settings.history.length
        ? h('button', { type: 'button', class: 'quiet small', onclick: () => { settings.history = []; this.draw(); } }, 'Forget all')
        : null);
  }
}
