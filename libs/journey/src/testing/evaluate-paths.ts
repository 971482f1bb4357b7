import { EXIT, type PathsDefinition, START } from '../paths/paths.ts';
import { kindsOf } from '../selector/selector.ts';
import { fits, historiesOf, type TestEvent } from './events.ts';

/** The ways of all histories, whole, with start and exit. */
export function evaluatePaths(definition: PathsDefinition, all: readonly TestEvent[]): string[][] {
  const { scope, unit, among, from, to, collapse } = definition;
  const kinds: readonly string[] = kindsOf([among, from, to].filter((one) => one !== undefined));
  const events = all.filter(
    (event) =>
      kinds.includes(event.kind) &&
      event.at >= (scope.from ?? 0) &&
      event.at < (scope.to ?? Infinity) &&
      (scope.includeBots || !event.bot) &&
      fits(event, among),
  );
  const ways: string[][] = [];
  for (const history of historiesOf(events, (event) => [
    unit === 'session' ? event.session : event.person,
  ]).values()) {
    const begin = from === undefined ? 0 : history.findIndex((event) => fits(event, from));
    if (begin < 0) continue;
    const begun = history.slice(begin);
    const end = to === undefined ? begun.length - 1 : begun.findIndex((event) => fits(event, to));
    if (end < 0) continue;
    const names = begun.slice(0, end + 1).map(({ event, kind }) => event || kind);
    const way = collapse ? names.filter((name, i) => name !== names[i - 1]) : names;
    ways.push([START, ...way, ...(to === undefined ? [EXIT] : [])]);
  }
  return ways;
}
