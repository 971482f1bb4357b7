/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text without surrounding space, numbers as text; `null` where nothing is said. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() || null : null;
}

const CURRENCY = /^[A-Z]{3}$/;

/** A code of ISO 4217's shape in upper case; `null` for anything else. */
export function currencyOf(value: unknown): string | null {
  const code = textOf(value)?.toUpperCase();
  return code !== undefined && CURRENCY.test(code) ? code : null;
}
