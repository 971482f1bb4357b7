/** Strings, which are left alone, and numbers by the grammar of JSON. */
const TOKENS = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number that a double may change: many digits, or an exponent that may leave its range. */
const LONG_NUMBER = /\d[\d.]{15}|[eE][+-]?\d{3}/;

/**
 * Parses JSON and keeps every number exact: one that a double would change (ids beyond 2^53, amounts with many
 * digits) becomes the text that stood there. Throws `SyntaxError`.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replaceAll(TOKENS, (token) => (token.startsWith('"') || isExact(token) ? token : `"${token}"`)),
  );
}

function isExact(token: string): boolean {
  if (!LONG_NUMBER.test(token)) return true;
  const value = Number(token);
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(value);
  return String(value) === token.replace(/0+$/, '');
}
