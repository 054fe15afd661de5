// Numbers, sizes and times for people; and back from the texts that Presto's JSON has for them.

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (value) => counts.format(value ?? 0);
export const short = (value) => ((value ?? 0) < 10000 ? counts.format(value ?? 0) : compact.format(value));
export const percent = (part, whole) => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : '0 %');
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function bytes(count) {
  let value = count ?? 0, unit = 0;
  while (value >= 1000 && unit < sizeUnits.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${sizeUnits[unit]}`;
}

/** Of milliseconds. */
export function duration(milliseconds) {
  const value = Math.max(0, milliseconds ?? 0);
  if (value < 1) return value === 0 ? '0 ms' : `${Math.round(value * 1000)} µs`;
  if (value < 1000) return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  const seconds = value / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

const timeUnits = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60e3, h: 3600e3, d: 86400e3 };

/** Milliseconds of `1.25m`, Presto's text of a time span. */
export function milliseconds(text) {
  const match = /^([\d.]+)\s*(ns|us|ms|s|m|h|d)$/.exec(text ?? '');
  return match ? Number(match[1]) * timeUnits[match[2]] : 0;
}

/** Bytes of `12.5kB`, Presto's text of a size; numbers stay. */
export function size(value) {
  if (typeof value === 'number') return value;
  const match = /^([\d.]+)\s*(B|kB|MB|GB|TB|PB)$/.exec(value ?? '');
  return match ? Number(match[1]) * 1024 ** sizeUnits.indexOf(match[2]) : 0;
}

/** `14:05:09`, with the date where it is not today. */
export function clock(instant) {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return '';
  const two = (part) => String(part).padStart(2, '0');
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  if (time.toDateString() === new Date().toDateString()) return text;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${text}`;
}
