/** An identifier as the API takes it, from an argument `<namespace>=<value>` or its number (`anchor`). */
export function identifierIn(text: string): { namespace: string; value: string } | { anchor: string } {
  const at = text.indexOf('=');
  if (at < 0) return { anchor: text };
  return { namespace: text.slice(0, at), value: text.slice(at + 1) };
}
