import {
  DEFAULT_GROUPS,
  MAX_OVERLAPPING,
  overlappingSteps,
  parseField,
  readPaths,
  sayTheSame,
  SEGMENT_GROUPS,
} from '#journey';
import type {
  AttributionDefinition,
  ChannelRule,
  FunnelDefinition,
  FunnelPeople,
  Grouping,
  LifecycleDefinition,
  PathsDefinition,
  ReadPaths,
  RetentionDefinition,
  Scope,
} from '#journey';
import type { AttributionBody } from './attribution.dto.ts';
import type { FunnelBody, FunnelPeopleBody } from './funnel.dto.ts';
import type { PathsBody } from './paths.dto.ts';
import { Problems, readSelector } from './read-selector.ts';
import type { LifecycleBody, RetentionBody } from './retention.dto.ts';
import type { BreakdownBody, ScopeBody } from './scope.dto.ts';
import type { SelectorBody } from './selector.dto.ts';

/** What a question means depends on where and when it is asked. */
export interface Asker {
  /** Database of the workspace. */
  readonly database: string;
  /** Ms since 1970 UTC. */
  readonly now: number;
  /** Of the workspace, an IANA name. */
  readonly timeZone: string;
  /** Rules of channels in force. */
  readonly rules: readonly ChannelRule[];
}

const DAY_MS = 86_400_000;

/** The funnel of a body. Throws 400 naming each field that contradicts another. */
export function readFunnel(body: FunnelBody, asker: Asker): FunnelDefinition {
  const problems = new Problems();
  const steps = body.steps.map((step, i) => readSelector(step, `steps[${i}]`, problems));
  const exclusions = (body.exclusions ?? []).map((exclusion, i) => {
    const { after, before = steps.length } = exclusion;
    const at = `exclusions[${i}]`;
    if (before <= after || before > steps.length)
      problems.add(
        `${at}.before`,
        `must be behind after (${after}) and at most the number of steps (${steps.length})`,
      );
    if (body.order === 'any' && (after !== 1 || before !== steps.length))
      problems.add(`${at}.after`, 'has no meaning for any order: an exclusion holds for the whole window');
    return { selector: readSelector(exclusion, at, problems), after, before };
  });
  if (body.order === 'strict' && exclusions.length > 0)
    problems.add('exclusions', 'have no meaning for strict order: nothing lies between its steps');
  if (body.order === 'any') {
    const tooMany = overlappingSteps(steps).find(
      (set) => set.length > MAX_OVERLAPPING && !sayTheSame(steps, set),
    );
    if (tooMany !== undefined)
      problems.add(
        `steps[${Math.max(...tooMany)}]`,
        `of steps in any order at most ${MAX_OVERLAPPING} may share events; name the event of each`,
      );
  }
  const scope = readScope(body, asker, problems);
  const grouping = readGrouping(body.breakdown, problems);
  problems.throwIfAny();
  return {
    scope,
    unit: body.unit,
    steps,
    order: body.order,
    exclusions,
    groups: body.breakdown?.limit ?? DEFAULT_GROUPS,
    ...(body.windowSeconds === undefined ? {} : { windowMs: Math.round(body.windowSeconds * 1000) }),
    ...(grouping === undefined ? {} : { grouping }),
  };
}

/** The page of people of a body. Throws 400. */
export function readFunnelPeople(body: FunnelPeopleBody): FunnelPeople {
  const { step, outcome, group, limit, cursor } = body;
  const problems = new Problems();
  if (step > body.steps.length)
    problems.add('step', `must be at most the number of steps (${body.steps.length})`);
  if (group !== undefined && group !== null && typeof group !== 'string')
    problems.add('group', 'must be a text or null');
  if (group !== undefined && body.breakdown === undefined) problems.add('group', 'needs a breakdown');
  const segment = body.breakdown?.segment;
  if (typeof segment === 'string' && group !== undefined) {
    const groups: readonly unknown[] = SEGMENT_GROUPS[segment];
    if (!groups.includes(group)) problems.add('group', `must be one of ${groups.join(', ')}`);
  }
  problems.throwIfAny();
  return {
    step,
    outcome,
    limit,
    ...(group === undefined ? {} : { group: group as string | null }),
    ...(cursor === undefined ? {} : { after: cursor }),
  };
}

/** The retention of a body. Throws 400. */
export function readRetention(body: RetentionBody, asker: Asker): RetentionDefinition {
  const problems = new Problems();
  const scope = readScope(body, asker, problems);
  const grouping = readGrouping(body.breakdown, problems);
  const definition: RetentionDefinition = {
    scope,
    unit: body.unit,
    start: readSelector(body.start, 'start', problems),
    back: readSelector(body.return, 'return', problems),
    period: body.period,
    periods: body.periods,
    cohorts: body.cohorts,
    returns: body.returns,
    clock: body.clock,
    timeZone: body.timeZone ?? asker.timeZone,
    groups: body.breakdown?.limit ?? DEFAULT_GROUPS,
    observedUntil: Math.min(scope.to ?? Infinity, asker.now),
    ...(grouping === undefined ? {} : { grouping }),
  };
  problems.throwIfAny();
  return definition;
}

/** The life cycle of a body. Throws 400. */
export function readLifecycle(body: LifecycleBody, asker: Asker): LifecycleDefinition {
  const problems = new Problems();
  const scope = readScope(body, asker, problems);
  const activity = readSelector(body.activity, 'activity', problems);
  problems.throwIfAny();
  const { unit, period, timeZone = asker.timeZone } = body;
  return {
    scope,
    unit,
    activity,
    period,
    timeZone,
    observedUntil: Math.min(scope.to ?? Infinity, asker.now),
  };
}

/** The paths of a body. Throws 400. */
export function readPathsQuestion(body: PathsBody, asker: Asker): PathsDefinition {
  const problems = new Problems();
  const { unit, steps, collapse, top, start, end } = body;
  const definition: PathsDefinition = {
    scope: readScope(body, asker, problems),
    unit,
    among: readSelector(body.among, 'among', problems),
    steps,
    collapse,
    top,
    ...(start === undefined ? {} : { from: readSelector(start, 'start', problems) }),
    ...(end === undefined ? {} : { to: readSelector(end, 'end', problems) }),
  };
  problems.throwIfAny();
  return definition;
}

/** The attribution of a body over the events. Throws 400. */
export function readAttribution(body: AttributionBody, asker: Asker): AttributionDefinition {
  const problems = new Problems();
  const { conversion, touches, by, restart } = body;
  const isOrders = conversion === undefined || !selects(conversion);
  if (isOrders && conversion?.value !== undefined)
    problems.add('conversion.value', 'has no meaning for orders: name the event');
  if (!isOrders && conversion.currency !== undefined)
    problems.add('conversion.currency', 'has no meaning for events: use a condition');
  const definition: AttributionDefinition = {
    scope: readScope(body, asker, problems),
    conversion: isOrders
      ? { of: 'orders', ...(conversion?.currency === undefined ? {} : { currency: conversion.currency }) }
      : {
          of: 'events',
          selector: readSelector(conversion, 'conversion', problems),
          ...(conversion.value === undefined ? {} : { valueField: conversion.value }),
        },
    touches:
      touches === undefined
        ? { of: 'visits', by }
        : {
            of: 'events',
            selector: readSelector(touches, 'touches', problems),
            ...(touches.field === undefined ? { by } : { field: touches.field }),
          },
    rules: asker.rules,
    lookbackMs: Math.round(body.lookbackDays * DAY_MS),
    restart,
    halfLifeMs: body.halfLifeDays * DAY_MS,
  };
  problems.throwIfAny();
  return definition;
}

/** The paths that a body brings along. Throws 400. */
export function readGivenPaths(raw: unknown): Extract<ReadPaths, { outcome: 'read' }>['paths'] {
  const read = readPaths(raw);
  if (read.outcome === 'read') return read.paths;
  const problems = new Problems();
  for (const { field, message } of read.problems) problems.add(field, message);
  problems.throwIfAny();
  return [];
}

function selects({ event, kind, where }: SelectorBody): boolean {
  return event !== undefined || kind !== undefined || where !== undefined;
}

function readScope({ from, to, includeBots }: ScopeBody, { database }: Asker, problems: Problems): Scope {
  const [first, last] = [from, to].map((time) => (time === undefined ? undefined : momentOf(time)));
  if (first !== undefined && last !== undefined && first >= last)
    problems.add('to', 'must be later than from');
  return {
    database,
    includeBots,
    ...(first === undefined ? {} : { from: first }),
    ...(last === undefined ? {} : { to: last }),
  };
}

/** A moment without a zone is UTC. */
function momentOf(time: string): number {
  const hasZone = !time.includes('T') || /(Z|[+-]\d{2}:?\d{2})$/i.test(time);
  return Date.parse(hasZone ? time : `${time}Z`);
}

function readGrouping(body: BreakdownBody | undefined, problems: Problems): Grouping | undefined {
  if (body === undefined) return undefined;
  const { field, trait, segment } = body;
  const given = [field, trait, segment].filter((one) => one !== undefined);
  if (given.length !== 1) {
    problems.add('breakdown', `needs one of field, trait and segment, not ${given.length}`);
    return undefined;
  }
  if (field !== undefined) return { by: 'field', field };
  if (segment !== undefined) return { by: 'segment', segment };
  if (parseField(`traits.${trait}`) === undefined)
    problems.add('breakdown.trait', 'must be the name of a trait');
  return { by: 'trait', trait: trait as string };
}
