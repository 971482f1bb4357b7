import { configStream } from '#config';
import { SUBJECT_STREAMS } from '#erasure';
import type { EventLog, RecordedEvent } from '#event-log';
import type { Command, Erasure, Observation } from '#identity';
import { ORIGIN, type Position, type Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { decodeEnvelope } from '#touchpoint';
import { takeBlocks } from '../blocks.ts';
import { wordOf } from '../commands.ts';
import { erasureIn } from '../erased-refs.ts';
import type { Mappings } from '../mapping-history.ts';
import { observationOf, observationOfVerdict } from '../observation.ts';
import { openTouchpoints } from '../opened.ts';

/** What identity takes from a stretch of the log. */
export interface IdentityBlock {
  /** In log order; repeated event ids among them. */
  readonly observations: readonly Observation[];
  readonly commands: readonly Command[];
  readonly erasures: readonly Erasure[];
  readonly to: Position;
}

/** Where identity's inputs are read. */
export interface IdentityLogParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly mappings: Mappings;
}

/** Two folds of this many take some 30 ms, in slices. */
const LIMITS = { events: 200, bytes: 1024 * 1024 };

/**
 * What identity takes of a workspace's log up to and including `head`. Payloads stay sealed, but for webhook items:
 * their mapping tells the event time, which decides between links.
 */
export async function* readIdentityLog(
  { log, keys, mappings }: IdentityLogParts,
  workspace: Workspace,
  head: Position,
  signal: AbortSignal,
): AsyncGenerator<IdentityBlock> {
  if (head === ORIGIN) return;
  const config = configStream(workspace);
  const end = new AbortController();
  const until = AbortSignal.any([signal, end.signal]);
  try {
    const prefixes = [`touchpoint-${workspace}.`, config, `${SUBJECT_STREAMS}${workspace}.`];
    for await (const block of takeBlocks(log, ORIGIN, prefixes, until, LIMITS)) {
      const events = block.events.filter(({ position }) => position <= head);
      const touchpoints = events.filter(({ stream }) => stream.startsWith('touchpoint-'));
      const words = events.flatMap((event) => (event.stream === config ? (wordOf(event) ?? []) : []));
      const confirmed = words.flatMap((word) =>
        word.kind === 'verdict' && word.verdict.verdict === 'confirmed' ? [word.verdict] : [],
      );
      const observed = await observationsOf(touchpoints, keys, mappings);
      yield {
        observations: [...observed, ...confirmed.map(observationOfVerdict)].sort((a, b) =>
          a.position < b.position ? -1 : 1,
        ),
        commands: words.flatMap((word) => (word.kind === 'order' ? [word.command] : [])),
        erasures: events.flatMap((event) => identityErasure(event) ?? []),
        to: block.to < head ? block.to : head,
      };
      if (block.to >= head) return;
    }
  } finally {
    end.abort();
  }
}

async function observationsOf(
  events: readonly RecordedEvent[],
  keys: KeyStore,
  mappings: Mappings,
): Promise<Observation[]> {
  const sealed = events.map((event) => ({
    envelope: decodeEnvelope(event.metadata),
    position: event.position,
  }));
  const webhooks = events.filter((_, i) => sealed[i]?.envelope.kind === 'webhook');
  const opened = new Map(
    (await openTouchpoints(keys, webhooks, mappings)).map((one) => [one.position, one] as const),
  );
  return sealed.map((one) => observationOf(opened.get(one.position) ?? one));
}

function identityErasure(event: RecordedEvent): Erasure | undefined {
  const found = erasureIn(event);
  if (found === undefined) return undefined;
  const { workspace, erasureId: eventId, position, refs } = found;
  return { workspace, eventId, position, refs: refs.map(({ ref }) => ref) };
}
