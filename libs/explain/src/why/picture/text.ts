/** Pixels that a character takes at most, by font size: wide ones are rare, and a label has air around it. */
const PER_PIXEL = { normal: 0.56, bold: 0.68 };

/** Longest text of a box or label; the whole of it stands in its tooltip. */
const LONGEST = 34;

/** Width of a text in pixels, rather too much than too little. */
export function widthOf(text: string, size: number, weight: keyof typeof PER_PIXEL = 'normal'): number {
  return Math.ceil(text.length * size * PER_PIXEL[weight]);
}

/** A text short enough for a box. */
export function clipped(text: string): string {
  const letters = [...text];
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST - 1).join('')}…`;
}

/** A text as it may stand in XML. Control characters, which XML has no way to write, become U+FFFD. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (sign) => (/[\t\n\r]/.test(sign) ? sign : '\ufffd'))
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
