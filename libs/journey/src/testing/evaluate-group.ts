import type { Grouping } from '../stream/grouping.ts';
import { known, type TestEvent, valueOf } from './events.ts';
import { type Commerce, stageAt } from './stages.ts';

/** Group of a history that starts with an event, by the definition read word for word. */
export function evaluateGroup(
  grouping: Grouping | undefined,
  start: TestEvent,
  { everything, commerce }: { readonly everything: readonly TestEvent[]; readonly commerce: Commerce },
): string | null {
  switch (grouping?.by) {
    case undefined:
      return null;
    case 'field':
      return known(valueOf(start, grouping.field));
    case 'segment':
      return stageAt(commerce, start.person, start.at);
    case 'trait': {
      const told = everything.filter(
        (event) =>
          event.kind === 'identify' &&
          grouping.trait in event.traits &&
          (event.at < start.at || (event.at === start.at && event.position <= start.position)),
      );
      return known(told.at(-1)?.traits[grouping.trait]);
    }
  }
}
