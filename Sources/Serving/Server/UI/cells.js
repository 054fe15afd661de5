// A result's values: as text, for sorting, for files.

const numeric = /^(tinyint|smallint|integer|bigint|real|double|decimal)/;
const temporal = /^(date|time|timestamp)/;

export const isNumeric = (type) => numeric.test(type);
export const isTemporal = (type) => temporal.test(type);

const plainJSON = (_, value) => (typeof value === 'bigint' ? JSON.rawJSON?.(value.toString()) ?? value.toString() : value);

/** As the grid shows it; null stays null. */
export function cellText(value, type) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value, plainJSON);
  if ((type === 'double' || type === 'real') && Number.isInteger(value) && Math.abs(value) < 1e15) return `${value}.0`;
  return String(value);
}

/** A number for charts and sorting; NaN where there is none. */
export function cellNumber(value) {
  if (value === null || value === undefined || value === '') return NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  return typeof value === 'object' ? NaN : Number(value);
}

/** Milliseconds since the epoch of a date or timestamp; NaN for others. */
export function cellTime(value, type) {
  if (typeof value !== 'string' || !temporal.test(type)) return NaN;
  if (type.startsWith('time(') || type === 'time') return Date.parse(`1970-01-01T${value}Z`);
  const match = /^(-?\d{4,}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(\.\d+)?)?(?: (.+))?$/.exec(value);
  if (!match) return NaN;
  const [, date, time = '00:00:00', fraction = ''] = match;
  return Date.parse(`${date}T${time}${fraction.slice(0, 4)}Z`);
}

/** Compares two values of a column: nulls last, numbers as numbers, exact decimals too. */
export function compareCells(type) {
  const collator = new Intl.Collator('en', { numeric: false });
  const isNumber = isNumeric(type);
  return (a, b) => {
    const isMissing = (a === null || a === undefined ? 1 : 0) - (b === null || b === undefined ? 1 : 0);
    if (isMissing || a === null || a === undefined) return isMissing;
    if (isNumber) {
      const difference = Number(a) - Number(b);
      // equal as doubles: long decimals and bigints may still differ
      if (difference !== 0 && !Number.isNaN(difference)) return difference;
      return typeof a === 'string' && typeof b === 'string' && a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a < b ? -1 : a > b ? 1 : 0;
    }
    if (typeof a === 'boolean') return Number(a) - Number(b);
    return collator.compare(cellText(a, type), cellText(b, type));
  };
}

const field = (text) => (text === null ? '' : /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180; NULL is nothing at all, the empty text is "". */
export function csv(columns, rows) {
  const lines = [columns.map((column) => field(column.name)).join(',')];
  for (const row of rows) lines.push(row.map((value, index) => field(cellText(value, columns[index].type))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** An array of objects; columns of one name get numbers. */
export function jsonRows(columns, rows) {
  const names = uniqueNames(columns);
  const lines = rows.map((row) => `  {${row.map((value, index) => `${JSON.stringify(names[index])}: ${jsonValue(value)}`).join(', ')}}`);
  return `[\n${lines.join(',\n')}\n]\n`;
}

function jsonValue(value) {
  if (typeof value === 'bigint') return value.toString();
  if (value && typeof value === 'object') {
    if (Array.isArray(value)) return `[${value.map(jsonValue).join(', ')}]`;
    return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${jsonValue(inner)}`).join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}

function uniqueNames(columns) {
  const seen = new Map();
  return columns.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count > 1 ? `${name}_${count}` : name;
  });
}

/** Hands a file to the browser. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10e3);
}
