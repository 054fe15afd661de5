// What the page asks the server beside statements: JSON over GET, and cancelling.
import { settings } from './settings.js';

/** The server's root, also when a proxy puts a path before it: the page lives at `ROOT/ui/`. */
export const root = new URL('../', document.baseURI);

export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const userHeaders = () => ({ 'X-Trino-User': settings.user });

export async function request(path, options = {}) {
  const response = await fetch(new URL(path, root), {
    cache: 'no-store',
    ...options,
    headers: { ...userHeaders(), ...options.headers },
  });
  if (!response.ok) {
    const text = (await response.text()).slice(0, 500);
    throw new ServerError(response.status, text || `The server answered ${response.status} ${response.statusText}`);
  }
  return response;
}

export const json = async (path, signal) => (await request(path, { signal })).json();

/** The same, but `otherwise` where the server has no such thing. */
export async function jsonOr(otherwise, path, signal) {
  try {
    return await json(path, signal);
  } catch (error) {
    if (error.status === 404) return otherwise;
    throw error;
  }
}

export const cancelQuery = (id) => request(`v1/query/${encodeURIComponent(id)}`, { method: 'DELETE' });

/**
 * Calls `step(signal)` now and `pause` milliseconds after it is done, again and again while the page is seen, until told to stop or until it
 * answers false. The server's silence is shown at the top of the page.
 */
export function poll(step, pause) {
  const abort = new AbortController();
  let timer = null, isOver = false;
  const run = async () => {
    timer = null;
    if (document.hidden || isOver) return;
    try {
      if ((await step(abort.signal)) === false) return stop();
      report(null);
    } catch (error) {
      if (isOver) return;
      if (error instanceof ServerError && error.status < 500) console.warn(error);
      report(error);
    }
    if (!isOver) timer = setTimeout(run, pause);
  };
  const wake = () => {
    if (!document.hidden && timer === null && !isOver) run();
  };
  const stop = () => {
    isOver = true;
    abort.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', wake);
  };
  document.addEventListener('visibilitychange', wake);
  run();
  return stop;
}

let failedSince = null;

function report(error) {
  const banner = document.getElementById('trouble');
  if (!error) {
    failedSince = null;
    banner.hidden = true;
    return;
  }
  failedSince ??= Date.now();
  const reason = error instanceof ServerError ? error.message : 'it cannot be reached';
  banner.textContent = `The server does not answer since ${new Date(failedSince).toLocaleTimeString()}: ${reason}. Trying again.`;
  banner.hidden = false;
}
