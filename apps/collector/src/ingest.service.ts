import { randomUUID } from 'node:crypto';
import type { EventId, Position, Ref } from '#kernel';
import { GroupCommitter } from '#event-log';
import type { EventLog, NewEvent } from '#event-log';
import type { KeyStore, Resolution } from '#key-store';
import {
  acceptItem,
  encodeEnvelope,
  RULES_VERSION,
  SCHEMA_VERSION,
  seal,
  TOUCHPOINT_TYPE,
} from '#touchpoint';
import type { Envelope, EnvelopeRef, ItemError, ItemWarning, Touchpoint, TouchpointKind } from '#touchpoint';
import { RecentEvents } from './recent-events.ts';
import type { SourceIdentity } from './write-key.ts';

/** One request, parsed: its items and what they share. */
export interface IngestRequest {
  readonly from: SourceIdentity;
  readonly items: readonly unknown[];
  /** Kind that the path names; absent for a batch. */
  readonly call?: TouchpointKind;
  readonly batch?: { readonly sentAt?: unknown; readonly context?: object; readonly integrations?: unknown };
  /** Ms since 1970 UTC, once per request. */
  readonly receivedAt: number;
  /** Import: rows whose time is bad are refused instead of flagged. */
  readonly strict: boolean;
  /** Bytes of the decompressed body: an upper bound for each item. */
  readonly bytes: number;
}

/** What became of a request. Items that are in neither list were stored without remark. */
export interface IngestResult {
  /** Highest position among the request's events, new or already known; absent if none was accepted. */
  readonly position?: Position;
  readonly accepted: number;
  readonly errors: readonly ItemError[];
  readonly warnings: readonly ItemWarning[];
}

const RECENT_EVENTS = 50_000;

interface Pending {
  readonly touchpoint: Touchpoint;
  readonly eventId: EventId;
}

/** The collector's line: validate, normalise, give refs, seal, append; answered when durable. */
export class IngestService {
  readonly #committer: GroupCommitter;
  readonly #recent = new RecentEvents(RECENT_EVENTS);

  constructor(
    log: EventLog,
    private readonly keys: KeyStore,
    now: () => number,
  ) {
    this.#committer = new GroupCommitter(log, now);
  }

  /**
   * Stores the good items of a request and reports the others; one bad item never fails its siblings. Throws
   * `LogUnavailable` or `LogOverloaded` when nothing can be promised.
   */
  async ingest(request: IngestRequest): Promise<IngestResult> {
    const errors: ItemError[] = [];
    const warnings: ItemWarning[] = [];
    const pending: Pending[] = [];
    const seen = new Set<EventId>();
    let position: Position | undefined;
    let accepted = 0;
    const { from, batch, call, receivedAt, strict, bytes } = request;
    for (let index = 0; index < request.items.length; index++) {
      const verdict = acceptItem(request.items[index], {
        ...from,
        receivedAt,
        index,
        call,
        batch,
        strict,
        bytes,
      });
      if (verdict.outcome === 'refused') {
        errors.push(verdict.error);
        continue;
      }
      accepted++;
      warnings.push(...verdict.warnings);
      const eventId = this.#eventId(verdict.touchpoint);
      const known = this.#recent.get(eventId);
      if (known !== undefined) position = highest(position, known);
      else if (!seen.has(eventId)) pending.push({ touchpoint: verdict.touchpoint, eventId });
      seen.add(eventId);
    }
    if (pending.length > 0) {
      const stored = await this.#store(from, pending);
      accepted -= stored.refused.length;
      errors.push(...stored.refused);
      position = highest(position, stored.position);
    }
    return { position, accepted, errors, warnings };
  }

  #eventId({ workspace, source, messageKey }: Touchpoint): EventId {
    const id = messageKey === undefined ? randomUUID() : this.keys.eventId(workspace, source, messageKey);
    return id as EventId;
  }

  async #store(
    { workspace, source }: SourceIdentity,
    pending: readonly Pending[],
  ): Promise<{ position?: Position; refused: ItemError[] }> {
    const resolutions = await this.keys.resolve(
      pending.map(({ touchpoint }) => ({
        workspace,
        identifiers: namedBy(touchpoint),
        anchor: touchpoint.anchor,
      })),
    );
    const events: NewEvent[] = [];
    const refused: ItemError[] = [];
    pending.forEach(({ touchpoint, eventId }, i) => {
      const resolution = resolutions[i] as Resolution;
      if (resolution.outcome === 'resolved') events.push(sealedEvent(touchpoint, eventId, resolution));
      else refused.push(suppressed(touchpoint.index));
    });
    if (events.length === 0) return { refused };
    const positions = await this.#committer.commit(`${workspace}.${source}`, events);
    events.forEach(({ id }, i) => this.#recent.add(id as EventId, positions[i] as Position));
    return { position: positions.at(-1), refused };
  }
}

/** The record id of a snapshot row gets a ref too, last in the list; it is evidence, never an identifier. */
function namedBy({ identifiers, recordId, source }: Touchpoint): { namespace: string; value: string }[] {
  const named = identifiers.map(({ namespace, value }) => ({ namespace, value }));
  if (recordId !== undefined) named.push({ namespace: 'record', value: `${source}:${recordId}` });
  return named;
}

function sealedEvent(
  touchpoint: Touchpoint,
  eventId: EventId,
  { refs, anchorRef, key }: Extract<Resolution, { outcome: 'resolved' }>,
): NewEvent {
  const { workspace, source, kind, receivedAt, at, index, identifiers, anchor, recordId, payload } =
    touchpoint;
  const envelopeRefs: EnvelopeRef[] = anchor < 0 ? [{ ns: 'event', ref: anchorRef, strength: 0 }] : [];
  const ids: string[] = anchor < 0 ? [''] : [];
  identifiers.forEach(({ namespace, value, strength, derived }, i) => {
    const ref = refs[i] as Ref | null;
    if (ref === null) return;
    envelopeRefs.push({ ns: namespace, ref, strength, ...(derived ? { derived } : {}) });
    ids.push(value);
  });
  const recordRef = recordId === undefined ? null : (refs[identifiers.length] as Ref | null);
  const envelope: Envelope = {
    eventId,
    workspace,
    source,
    kind,
    schema: SCHEMA_VERSION,
    receivedAt,
    at,
    index,
    rules: RULES_VERSION,
    alg: 'xc1',
    refs: envelopeRefs,
    ...(recordRef === null ? {} : { recordRef }),
  };
  const metadata = encodeEnvelope(envelope);
  return { id: eventId, type: TOUCHPOINT_TYPE, metadata, data: seal({ ids, payload }, envelope, key) };
}

function suppressed(index: number): ItemError {
  return {
    index,
    code: 'suppressed',
    field: '',
    message: 'the person this item is about was erased and must not be stored again',
  };
}

function highest(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || (b !== undefined && b > a)) return b;
  return a;
}
