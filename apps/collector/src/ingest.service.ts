import { randomUUID } from 'node:crypto';
import type { ConfigFollower, Source } from '#config';
import type { EventId, Position, Ref, Trust } from '#kernel';
import { GroupCommitter } from '#event-log';
import type { EventLog, NewEvent } from '#event-log';
import type { KeyStore, Resolution } from '#key-store';
import type { ArrivalTally } from '#quality';
import {
  acceptItem,
  encodeEnvelope,
  RECORD_NAMESPACE,
  RULES_VERSION,
  SCHEMA_VERSION,
  seal,
  stripValues,
  TOUCHPOINT_TYPE,
} from '#touchpoint';
import type {
  Accepted,
  Arrival,
  Envelope,
  EnvelopeRef,
  ItemError,
  ItemWarning,
  Refused,
  SealedBody,
  SealedDerivation,
  Touchpoint,
  TouchpointKind,
} from '#touchpoint';
import { withClient } from './client-context.ts';
import type { Client } from './client-context.ts';
import type { EventSchemas } from './event-schemas.ts';
import { RecentEvents } from './recent-events.ts';

/** One request, parsed: its items and what they share. */
export interface IngestRequest {
  readonly from: Source;
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
  /** The person's own device, where the request came from it. */
  readonly client?: Client;
  /** How the items are read where they are no items of the wire format. */
  readonly reader?: ItemReader;
}

/** Reads items of another format than the wire format's. */
export interface ItemReader {
  /** The item as the wire format has it, or why it is none. */
  readonly read: (item: unknown, arrival: Arrival) => Accepted | Refused;
  /** What is sealed of it, after it was judged. */
  readonly keep: (touchpoint: Touchpoint, item: unknown) => Touchpoint;
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
    private readonly config: ConfigFollower,
    private readonly schemas: EventSchemas,
    private readonly tally: ArrivalTally,
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
    let repeated = 0;
    for (let index = 0; index < request.items.length; index++) {
      const verdict = this.#judge(request, index);
      if (verdict.outcome === 'refused') {
        errors.push(verdict.error);
        continue;
      }
      accepted++;
      warnings.push(...verdict.warnings);
      const { touchpoint } = verdict;
      const eventId = this.#eventId(touchpoint);
      const known = this.#recent.get(eventId);
      if (known !== undefined) position = highest(position, known);
      if (known === undefined && !seen.has(eventId)) pending.push({ touchpoint, eventId });
      else repeated++;
      seen.add(eventId);
    }
    if (pending.length > 0) {
      const stored = await this.#store(request.from, pending);
      accepted -= stored.refused.length;
      errors.push(...stored.refused);
      position = highest(position, stored.position);
    }
    this.#count(request, repeated, errors);
    return { position, accepted, errors, warnings };
  }

  /** What leaves no event is counted: a source that sends nothing but refused items is no healthy one. */
  #count({ from, receivedAt }: IngestRequest, repeated: number, errors: readonly ItemError[]): void {
    const { workspace, source } = from;
    if (repeated > 0) this.tally.add(workspace, source, receivedAt, 'repeated', '', repeated);
    for (const { code } of errors) this.tally.add(workspace, source, receivedAt, 'refused', code);
  }

  #judge(
    { items, from, batch, call, receivedAt, strict, bytes, client, reader }: IngestRequest,
    index: number,
  ): Accepted | Refused {
    const { workspace, source, trust, country } = from;
    const item = items[index];
    const reading = { country, nationalIds: this.config.state(workspace).nationalIds !== null };
    const arrival = { workspace, source, trust, receivedAt, index, call, batch, strict, bytes, reading };
    const accepted = reader === undefined ? acceptItem(item, arrival) : reader.read(item, arrival);
    if (accepted.outcome === 'refused') return accepted;
    const verdict = this.schemas.judge(from, accepted);
    if (verdict.outcome === 'refused') return verdict;
    let { touchpoint } = verdict;
    if (client !== undefined) touchpoint = seenThrough(client, touchpoint);
    if (reader !== undefined) touchpoint = reader.keep(touchpoint, item);
    return touchpoint === verdict.touchpoint ? verdict : { ...verdict, touchpoint };
  }

  #eventId({ workspace, source, messageKey }: Touchpoint): EventId {
    const id = messageKey === undefined ? randomUUID() : this.keys.eventId(workspace, source, messageKey);
    return id as EventId;
  }

  async #store(
    { workspace, source, trust }: Source,
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
      if (resolution.outcome === 'resolved') events.push(sealedEvent(touchpoint, eventId, resolution, trust));
      else refused.push(suppressed(touchpoint.index));
    });
    if (events.length === 0) return { refused };
    const positions = await this.#committer.commit(`${workspace}.${source}`, events);
    events.forEach(({ id }, i) => this.#recent.add(id as EventId, positions[i] as Position));
    return { position: positions.at(-1), refused };
  }
}

/** After the event id was derived: a retry over another network is the same touchpoint. */
function seenThrough(client: Client, touchpoint: Touchpoint): Touchpoint {
  const { payload } = touchpoint;
  return { ...touchpoint, payload: { ...payload, context: withClient(payload.context, client) } };
}

/** The record id of a snapshot row gets a ref too, last in the list; it is evidence, never an identifier. */
function namedBy({ identifiers, recordId, source }: Touchpoint): { namespace: string; value: string }[] {
  const named = identifiers.map(({ namespace, value }) => ({ namespace, value }));
  if (recordId !== undefined) named.push({ namespace: RECORD_NAMESPACE, value: `${source}:${recordId}` });
  return named;
}

function sealedEvent(
  touchpoint: Touchpoint,
  eventId: EventId,
  { refs, anchorRef, key }: Extract<Resolution, { outcome: 'resolved' }>,
  trust: Trust,
): NewEvent {
  const { workspace, source, kind, receivedAt, at, index, identifiers, anchor, recordId, payload } =
    touchpoint;
  const envelopeRefs: EnvelopeRef[] = anchor < 0 ? [{ ns: 'event', ref: anchorRef, strength: 0 }] : [];
  const ids: string[] = anchor < 0 ? [''] : [];
  const places: number[] = [];
  const derivations: SealedDerivation[] = [];
  identifiers.forEach(({ namespace, value, strength, derived }, i) => {
    const ref = refs[i] as Ref | null;
    if (ref === null) return;
    if (derived !== undefined) {
      const { from, ...how } = derived;
      const place = places[from < 0 ? anchor : from];
      if (place === undefined) return;
      derivations.push({ of: ids.length, from: place, typed: from >= 0, ...how });
    }
    places[i] = ids.length;
    envelopeRefs.push({ ns: namespace, ref, strength, ...(derived === undefined ? {} : { derived: true }) });
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
  const stripped = identifiers.filter((_, i) => refs[i] === null);
  const body: SealedBody = {
    ids,
    payload: stripped.length === 0 ? payload : stripValues(payload, stripped),
    ...(derivations.length > 0 ? { derivations } : {}),
    ...(trust === 'server' ? { trust } : {}),
  };
  return { id: eventId, type: TOUCHPOINT_TYPE, metadata, data: seal(body, envelope, key) };
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
