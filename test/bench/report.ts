/** Prints the runs of one comparison, medians and their ratio. Rates are events a second. */
export function compare(
  name: string,
  beside: string,
  pairs: readonly { readonly ours: number; readonly limit: number }[],
  goal: string,
): void {
  const ours = median(pairs.map((pair) => pair.ours));
  const limit = median(pairs.map((pair) => pair.limit));
  const list = (rates: number[]): string =>
    rates.map((rate) => Math.round(rate).toLocaleString('en')).join(' · ');
  process.stdout.write(
    [
      name,
      `  Temas          ${list(pairs.map((pair) => pair.ours))}  median ${Math.round(ours).toLocaleString('en')}/s`,
      `  ${beside.padEnd(14)} ${list(pairs.map((pair) => pair.limit))}  median ${Math.round(limit).toLocaleString('en')}/s`,
      `  ratio of medians ${(ours / limit).toFixed(2)} (${goal})`,
      '',
      '',
    ].join('\n'),
  );
}

/** Middle one of some figures; the upper one of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
