/** A string as a ClickHouse literal. Both escapes matter: a lone backslash would swallow the closing quote. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
