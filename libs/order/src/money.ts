/** Digits after the point that money keeps: `Decimal(18, 4)` of ClickHouse. */
const SCALE = 4;

/** Digits of a `Decimal(18, 4)`. */
const DIGITS = 18;

/** First scaled number that has too many digits. */
const LIMIT = 10n ** BigInt(DIGITS);

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Money as a whole number of ten-thousandths: `19.90` is `199000n`. Text must be a plain decimal: a point, an
 * optional sign, an optional exponent, no spaces and no separators; anything else, and what `Decimal(18, 4)` cannot
 * hold, is `undefined`. Further digits round half away from zero.
 *
 * A number counts by its shortest decimal text. JSON numbers are doubles: up to 15 significant digits they keep the
 * decimal that was sent, beyond that they hold another one near it. Larger or finer amounts must come as text.
 */
export function parseMoney(value: unknown): bigint | undefined {
  const parts = DECIMAL.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '',
  );
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  // Digits left of the point once scaled. Judged before any power is taken: `1e999999999` must cost nothing.
  const kept = digits.length - fraction.length + Number(exponent) + SCALE;
  if (kept > DIGITS) return undefined;
  if (kept < 0) return 0n;
  const truncated = BigInt(digits.slice(0, kept).padEnd(kept, '0'));
  const scaled = (digits[kept] ?? '0') >= '5' ? truncated + 1n : truncated;
  if (scaled >= LIMIT) return undefined;
  return sign === '-' ? -scaled : scaled;
}

/** The decimal text of scaled money, always with four digits after the point: `19.9000`. */
export function formatMoney(scaled: bigint): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(SCALE + 1, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}
