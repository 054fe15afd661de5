// SQL text in pieces: for colours, for finding the statement at the caret, for completion.
import { h } from './dom.js';

/** The words that begin or join clauses: coloured, and offered by completion. */
export const keywords = `ADD ALL ALTER ANALYZE AND ANY AS ASC AT BETWEEN BY CALL CASE CAST COLUMN COLUMNS COMMENT COMMIT CREATE CROSS CUBE
CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATE DAY DEALLOCATE DELETE DESC DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT
EXECUTE EXISTS EXPLAIN EXTRACT FALSE FETCH FILTER FIRST FOLLOWING FOR FROM FULL FUNCTIONS GRANT GROUP GROUPING HAVING HOUR IF IGNORE ILIKE IN
INNER INPUT INSERT INTERSECT INTERVAL INTO IS JOIN LAST LATERAL LEFT LIKE LIMIT MATERIALIZED MERGE MINUTE MONTH NATURAL NOT NULL NULLIF NULLS
OFFSET ON OR ORDER ORDINALITY OUTER OUTPUT OVER PARTITION PRECEDING PREPARE RANGE RECURSIVE RENAME REPLACE RESET RIGHT ROLLBACK ROLLUP ROW ROWS
SCHEMA SCHEMAS SECOND SELECT SESSION SET SETS SHOW SOME START SYSTEM TABLE TABLES TABLESAMPLE THEN TIME TIMESTAMP TO TRANSACTION TRUE TRY_CAST
UNBOUNDED UNION UNNEST UPDATE USE USING VALUES VIEW WHEN WHERE WINDOW WITH YEAR ZONE CATALOGS`.split(/\s+/);

const keywordSet = new Set(keywords);

const pattern =
  /(--[^\n]*|\/\*[^]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$))|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}_]))|([\p{L}_][\p{L}\p{N}_$]*)|(\s+)|([^])/gu;
const kinds = ['comment', 'string', 'quoted', 'number', 'word', 'space', 'sign'];

/** Pieces {kind, text, start}; kinds: comment, string, quoted, number, keyword, word, space, sign. */
export function tokens(text) {
  const result = [];
  for (const match of text.matchAll(pattern)) {
    let kind = kinds[match.findIndex((group, index) => index > 0 && group !== undefined) - 1];
    if (kind === 'word' && keywordSet.has(match[0].toUpperCase())) kind = 'keyword';
    result.push({ kind, text: match[0], start: match.index });
  }
  return result;
}

/** Coloured text, as nodes. `error`: an offset to mark. */
export function coloured(text, error = -1) {
  return tokens(text).map((token) => {
    const isWrong = error >= token.start && error < token.start + token.text.length && token.kind !== 'space';
    if (!isWrong && ['space', 'word', 'sign'].includes(token.kind)) return token.text;
    return h('span', { class: `sql-${token.kind}${isWrong ? ' sql-wrong' : ''}` }, token.text);
  });
}

/** The statements of a text, {text, start, end}, without semicolons; empty ones are left out. */
export function statements(text) {
  const result = [];
  let start = 0;
  const close = (end) => {
    const part = text.slice(start, end);
    const isEmpty = tokens(part).every((token) => token.kind === 'space' || token.kind === 'comment');
    if (!isEmpty) result.push({ text: part, start, end });
    start = end + 1;
  };
  for (const token of tokens(text)) if (token.kind === 'sign' && token.text === ';') close(token.start);
  close(text.length);
  return result;
}

/** The statement the caret is in, or the last before it. */
export function statementAt(text, caret) {
  const all = statements(text);
  return all.find((part) => caret <= part.end) ?? all.at(-1) ?? null;
}

/** Where line and column (both from 1) are in a text. */
export function offsetOf(text, line, column) {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, part) => sum + part.length + 1, 0) + column - 1;
}

/** A name as SQL writes it. */
export const quoted = (name) =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !keywordSet.has(name.toUpperCase()) ? name : `"${name.replaceAll('"', '""')}"`;
export const always = (name) => `"${name.replaceAll('"', '""')}"`;
