import { textOf } from './json.ts';

const DECIMAL = /^-?\d{1,15}(?:\.\d{1,6})?$/;

/** Sum of decimal texts with six digits after the point at most; what is no decimal counts as nothing. */
export function sumOf(values: readonly unknown[]): string {
  let millionths = 0n;
  for (const value of values) {
    const text = textOf(value) ?? '';
    if (!DECIMAL.test(text)) continue;
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const size = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
    millionths += text.startsWith('-') ? -size : size;
  }
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{0,4}$/, '');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}.${fraction}`;
}
