// A result as a picture: the first column of numbers over the first other column; bars for few rows, a line for many.
import { h } from "./dom.js";

const isNumber = (type) => /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(type);

export function chart(columns, rows) {
  const values = columns.findIndex((column, index) => isNumber(column.type) && (index > 0 || columns.length === 1));
  const value = values >= 0 ? values : columns.findIndex((column) => isNumber(column.type));
  if (value < 0 || rows.length === 0) return h("p", { class: "faint" }, "There is no column of numbers to draw.");
  const label = columns.findIndex((_, index) => index !== value);
  const shown = rows.slice(0, 500).map((row) => [label < 0 ? "" : String(row[label]), Number(row[value]) || 0]);
  const top = Math.max(0, ...shown.map(([, y]) => y)), bottom = Math.min(0, ...shown.map(([, y]) => y));
  const width = 900, height = 320, left = 70, foot = 40;
  const y = (number) => 10 + (height - foot - 10) * (1 - (number - bottom) / ((top - bottom) || 1));
  const step = (width - left - 10) / shown.length;
  const marks = [bottom, (bottom + top) / 2, top];
  const every = Math.ceil(shown.length / 12);
  return h("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${columns[value].name}${label < 0 ? "" : " by " + columns[label].name}` },
    marks.map((mark) => h("g", {}, h("line", { class: "axis", x1: left, x2: width - 10, y1: y(mark), y2: y(mark) }), h("text", { x: left - 6, y: y(mark) + 4, "text-anchor": "end" }, Number(mark.toPrecision(4)).toLocaleString("en")))),
    shown.length <= 60
      ? shown.map(([name, number], index) => h("rect", { class: "shape", x: left + index * step + step * 0.1, width: step * 0.8, y: Math.min(y(number), y(0)), height: Math.max(1, Math.abs(y(number) - y(0))) }, h("title", {}, `${name}: ${number}`)))
      : h("polyline", { class: "line", points: shown.map(([, number], index) => `${left + (index + 0.5) * step},${y(number)}`).join(" ") }),
    shown.map(([name], index) => (index % every === 0 ? h("text", { x: left + (index + 0.5) * step, y: height - 22, "text-anchor": "middle" }, name.slice(0, 14)) : null)));
}
