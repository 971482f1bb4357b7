const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A count, digits in groups. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** Money: whole from a hundred on, two digits below. */
export function money(value: number, currency: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text} ${currency}`.trim();
}

/** A share of one as per cent. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Four significant digits; a dash where there is no number. */
export function figureOf(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return Math.abs(value) >= 1e5 ? whole(value) : String(Number(value.toPrecision(4)));
}
