/** Strings, and numbers of which a double may not keep all digits. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON; numbers of 16 digits and more become texts, because a double would change them (ids of other
 * systems, amounts). Throws `SyntaxError`.
 */
export function parseExactJson(text: string): unknown {
  if (!/\d[\d.]{15}/.test(text)) return JSON.parse(text);
  return JSON.parse(text.replaceAll(TOKENS, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}
