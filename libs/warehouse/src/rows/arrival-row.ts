import { clickHouseTime } from '#kernel';
import type { ArrivalFact } from '#projection';

/** Values of an `arrival_tallies` row. */
export function arrivalRow(fact: ArrivalFact): unknown[] {
  const { workspace, day, source, outcome, code, items, lastAt, position, n } = fact;
  return [workspace, day, source, outcome, code, items, clickHouseTime(lastAt), position.toString(), n];
}
