// Tabs as the ARIA pattern has them: the arrow keys move between them.
import { h } from './dom.js';

/** `list` holds the tabs, `panels` what they show; entries are [key, text, element]. */
export class Tabs {
  constructor(name, entries, changed = () => {}) {
    this.changed = () => {};
    const id = name.toLowerCase().replace(/\W+/g, '-');
    this.buttons = entries.map(([key, text]) => h('button', {
      type: 'button', role: 'tab', id: `${id}-tab-${key}`, 'aria-controls': `${id}-panel-${key}`, 'data-tab': key,
      onclick: () => this.select(key),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = this.buttons[(this.buttons.indexOf(event.currentTarget) + step + entries.length) % entries.length];
        this.select(next.dataset.tab);
        next.focus();
      },
    }, text));
    this.list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': name }, this.buttons);
    this.sheets = entries.map(([key, , element]) => h('div', { role: 'tabpanel', id: `${id}-panel-${key}`, 'aria-labelledby': `${id}-tab-${key}` }, element));
    this.panels = h('div', { class: 'panels' }, this.sheets);
    this.keys = entries.map(([key]) => key);
    this.select(this.keys[0]);
    this.changed = changed;
  }

  select(key) {
    this.current = key;
    this.keys.forEach((other, index) => {
      this.buttons[index].setAttribute('aria-selected', String(other === key));
      this.buttons[index].tabIndex = other === key ? 0 : -1;
      this.sheets[index].hidden = other !== key;
    });
    this.changed();
  }
}
