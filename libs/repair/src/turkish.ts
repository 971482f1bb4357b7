const PLAIN: ReadonlyMap<string, string> = new Map([
  ...[...'ıİIi'].map((letter) => [letter, 'i'] as const),
  ...[...'şŞ'].map((letter) => [letter, 's'] as const),
  ...[...'ğĞ'].map((letter) => [letter, 'g'] as const),
  ...[...'çÇ'].map((letter) => [letter, 'c'] as const),
  ...[...'öÖ'].map((letter) => [letter, 'o'] as const),
  ...[...'üÜûÛ'].map((letter) => [letter, 'u'] as const),
  ...[...'âÂ'].map((letter) => [letter, 'a'] as const),
  ...[...'îÎ'].map((letter) => [letter, 'i'] as const),
]);
const TURKISH = /[ıİIişŞğĞçÇöÖüÜûÛâÂîÎ]/g;
const DOT_ABOVE = /\u0307/g;

/** The letters of Turkish as the nearest ones of ASCII, in lower case; letters of other languages stay. */
export function foldTurkish(text: string): string {
  const composed = text.normalize('NFC');
  return composed
    .replace(TURKISH, (letter) => PLAIN.get(letter) as string)
    .toLowerCase()
    .replace(DOT_ABOVE, '')
    .normalize('NFC');
}

/** Lower case by Turkish rules: `I` is `ı`, `İ` is `i`. The locale of the machine has no say in it. */
export function lowerTurkish(text: string): string {
  return text.normalize('NFC').replaceAll('I', 'ı').replaceAll('İ', 'i').toLowerCase().replace(DOT_ABOVE, '');
}

/** Upper case by Turkish rules: `i` is `İ`, `ı` is `I`. */
export function upperTurkish(text: string): string {
  return text.normalize('NFC').replaceAll('i', 'İ').replaceAll('ı', 'I').toUpperCase();
}
