// A measure over the last minutes: its value now, an area that moves to the left, and the value under the pointer.
import { h, s } from './dom.js';
import * as format from './format.js';

const width = 300, height = 72;
const shortestSpan = 60e3, longestSpan = 300e3;

/** Samples by name: they stay while other pages are shown. */
const kept = new Map();

/** Samples {at, value}: of the last minute at first, of five when there are so many. */
export class LiveChart {
  constructor(name, show, { colour = 1, limit = null } = {}) {
    Object.assign(this, { name, show, limit });
    this.samples = kept.get(name) ?? [];
    kept.set(name, this.samples);
    this.now = h('span', { class: 'live-now' }, '–');
    this.most = h('span', {});
    this.since = h('span', {});
    this.area = s('path', { class: 'area' });
    this.line = s('path', { class: 'line', 'vector-effect': 'non-scaling-stroke' });
    this.mark = s('line', { class: 'mark', y1: 0, y2: height, 'vector-effect': 'non-scaling-stroke', visibility: 'hidden' });
    this.drawing = s('svg',
      { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': name, onpointermove: (event) => this.point(event),
        onpointerleave: () => this.leave() },
      s('line', { class: 'base', x1: 0, x2: width, y1: height, y2: height, 'vector-effect': 'non-scaling-stroke' }),
      this.area, this.line, this.mark);
    this.element = h('section', { class: `card live series-${colour}` },
      h('header', {}, h('h2', {}, name), this.now), this.drawing,
      h('footer', {}, this.since, this.most));
  }

  add(at, value) {
    this.samples.push({ at, value });
    while (this.samples.length > 1 && this.samples[0].at < at - longestSpan) this.samples.shift();
    if (!this.isPointed) this.now.textContent = this.show(value);
    this.draw(at);
  }

  draw(at) {
    this.span = Math.min(longestSpan, Math.max(shortestSpan, at - this.samples[0].at));
    const most = Math.max(...this.samples.map((sample) => sample.value));
    const top = Math.max(this.limit ?? 0, most * 1.1) || 1;
    const x = (sample) => (width * (1 - (at - sample.at) / this.span)).toFixed(1);
    const y = (sample) => (height - 1 - ((height - 4) * sample.value) / top).toFixed(1);
    // while the page was not seen there was nobody to ask
    const isGap = (index) => index === 0 || this.samples[index].at - this.samples[index - 1].at > 8000;
    const path = this.samples.map((sample, index) => `${isGap(index) ? 'M' : 'L'}${x(sample)} ${y(sample)}`).join('');
    const areas = this.samples.map((sample, index) => {
      const begin = isGap(index) ? `M${x(sample)} ${height}` : '';
      return `${begin}L${x(sample)} ${y(sample)}${index + 1 === this.samples.length || isGap(index + 1) ? `L${x(sample)} ${height}Z` : ''}`;
    }).join('');
    this.line.setAttribute('d', path);
    this.area.setAttribute('d', areas);
    this.since.textContent = this.span < 119e3 ? `${Math.round(this.span / 1000)} s ago` : `${Math.round(this.span / 60e3)} min ago`;
    this.most.textContent = `most ${this.show(most)}`;
    this.drawing.setAttribute('aria-label', `${this.name}: ${this.show(this.samples.at(-1).value)} now, at most ${this.show(most)}`);
    this.drawnAt = at;
  }

  point(event) {
    const box = this.drawing.getBoundingClientRect();
    const at = this.drawnAt - this.span * (1 - (event.clientX - box.left) / box.width);
    const nearest = this.samples.reduce((best, sample) => (Math.abs(sample.at - at) < Math.abs(best.at - at) ? sample : best), this.samples[0]);
    if (!nearest) return;
    this.isPointed = true;
    const x = width * (1 - (this.drawnAt - nearest.at) / this.span);
    this.mark.setAttribute('x1', x);
    this.mark.setAttribute('x2', x);
    this.mark.setAttribute('visibility', 'visible');
    this.now.textContent = `${this.show(nearest.value)} at ${format.clock(nearest.at)}`;
  }

  leave() {
    this.isPointed = false;
    this.mark.setAttribute('visibility', 'hidden');
    if (this.samples.length) this.now.textContent = this.show(this.samples.at(-1).value);
  }
}
