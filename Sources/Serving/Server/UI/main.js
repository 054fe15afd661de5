// The page's entrance: which part is shown for which address, the theme, and what the header says of the server.
import { json, poll } from './api.js';
import { settings } from './settings.js';
import { editorPage } from './editor.js';
import { groupsPage } from './groups.js';
import { overviewPage } from './overview.js';
import { queriesPage } from './queries.js';
import { queryPage } from './query.js';
import { workersPage } from './workers.js';

/** A page gets its element and the rest of the address, draws itself, and answers how to leave it. */
const pages = {
  overview: { show: overviewPage, title: 'Overview' },
  queries: { show: queriesPage, title: 'Queries' },
  query: { show: queryPage, title: 'Query', tab: 'queries' },
  editor: { show: editorPage, title: 'Editor' },
  workers: { show: workersPage, title: 'Workers' },
  groups: { show: groupsPage, title: 'Resource groups' },
};

const content = document.getElementById('content');
let shown = null, leave = () => {};

/** `#/queries?state=failed` as {name: 'queries', rest: [], parameters}. */
function address() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [name, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { name: name in pages ? name : 'overview', rest, parameters: new URLSearchParams(search ?? '') };
}

function route() {
  // in-page links, such as the one that skips the navigation
  if (location.hash && !location.hash.startsWith('#/')) return;
  const place = address();
  const identity = [place.name, ...place.rest].join('/');
  if (identity === shown) return;
  const isFirst = shown === null;
  leave();
  shown = identity;
  const page = pages[place.name];
  document.title = `${place.rest[0] ?? page.title} – minipresto`;
  for (const link of document.querySelectorAll('nav a')) {
    const isCurrent = link.dataset.page === (page.tab ?? place.name);
    if (isCurrent) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  content.replaceChildren();
  content.className = `page-${place.name}`;
  leave = page.show(content, place) ?? (() => {});
  if (!isFirst) {
    window.scrollTo(0, 0);
    content.focus({ preventScroll: true });
  }
}

const themes = { auto: ['light dark', 'Theme: as the system'], light: ['light', 'Theme: light'], dark: ['dark', 'Theme: dark'] };
const themeButton = document.getElementById('theme');

function applyTheme() {
  const name = settings.theme in themes ? settings.theme : 'auto';
  document.documentElement.style.colorScheme = themes[name][0];
  themeButton.textContent = { auto: '◐', light: '☀', dark: '☾' }[name];
  themeButton.setAttribute('aria-label', themes[name][1]);
  themeButton.title = themes[name][1];
}

themeButton.onclick = () => {
  const names = Object.keys(themes);
  settings.theme = names[(names.indexOf(settings.theme) + 1) % names.length];
  applyTheme();
};

applyTheme();
window.addEventListener('hashchange', route);
route();

const server = document.getElementById('server');
poll(async (signal) => {
  const info = await json('v1/info', signal);
  server.textContent = `${info.nodeVersion?.version ?? ''} · ${info.environment ?? ''}`;
  server.title = `Up for ${info.uptime ?? '?'}`;
  const isDraining = info.state === 'SHUTTING_DOWN';
  if (isDraining) server.textContent += ' · shutting down';
  server.classList.toggle('warning', isDraining);
}, 10000);
