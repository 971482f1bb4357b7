import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigDesk, ConfigFollower, QualityDesk } from '#config';
import { openLmdbEventLog, type EventLog } from '#event-log';
import { openEmbeddedKeyStore, type KeyStore } from '#key-store';
import {
  uuidV5,
  type EventId,
  type Position,
  type Ref,
  type SourceName,
  type Trust,
  type Workspace,
} from '#kernel';
import { Pipeline, type RowSink } from '#projection';
import { openRocksStateStore, type StateStore } from '#state-store';
import {
  acceptItem,
  encodeEnvelope,
  RULES_VERSION,
  SCHEMA_VERSION,
  seal,
  TOUCHPOINT_TYPE,
  type Envelope,
  type EnvelopeKind,
  type EnvelopeRef,
  type Payload,
  type SealedDerivation,
} from '#touchpoint';
import { STRICT } from '#test/silent-monitor';
import {
  createViews,
  migrate,
  SQUASH_AFTER,
  startEmbeddedWarehouse,
  warehouseSink,
  type Warehouse,
} from '#warehouse';

/** Workspace of the worlds in specs. */
export const WORKSPACE = 'default' as Workspace;

const NO_TABLES: RowSink = {
  rowsOf: () => [],
  insert: async () => undefined,
  erase: async () => undefined,
  settle: async () => undefined,
  squash: async () => ({ overrides: 0, busyMs: 0 }),
};

/** An event of the log, when the log learnt of it. */
export interface Placed {
  readonly position: Position;
  readonly recordedAt: number;
}

/** A guess at an address: the one that was typed, the one that may have been meant. */
export interface Guessed {
  readonly from: Ref;
  readonly to: Ref;
}

function keyOf({ from, to }: Guessed): string {
  return `${from}-${to}`;
}

/** All of Temas' engines over one folder, with a log that a spec writes at times of its choice. */
export class World {
  readonly placed: Placed[] = [];
  readonly refs = new Set<Ref>();
  /** Guesses at addresses on which nobody has said a word, by their refs. */
  readonly guessed = new Map<string, Guessed>();
  /** Guessed addresses that somebody confirmed. */
  readonly confirmed = new Set<Ref>();
  readonly #judged = new Set<string>();
  #clock = 0;
  #written = 0;

  private constructor(
    private readonly root: string,
    readonly log: EventLog,
    readonly keys: KeyStore,
    private readonly follower: ConfigFollower,
    readonly warehouse: Warehouse,
    readonly state: StateStore,
  ) {}

  /** A world without history. */
  static async open(): Promise<World> {
    const root = mkdtempSync(join(tmpdir(), 'temas-world-'));
    const log = await openLmdbEventLog({ path: join(root, 'log') });
    const keys = await openEmbeddedKeyStore({ path: join(root, 'keys'), masterKey: Buffer.alloc(32, 5) });
    const warehouse = await startEmbeddedWarehouse({ path: join(root, 'clickhouse') });
    await migrate(warehouse, 1);
    await createViews(warehouse, WORKSPACE, 1);
    const state = await openRocksStateStore({ path: join(root, 'state') });
    return new World(root, log, keys, await ConfigFollower.open(log), warehouse, state);
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.follower.close();
    await this.state.close();
    await this.warehouse.close();
    await this.keys.close();
    await this.log.close();
    rmSync(this.root, { recursive: true });
  }

  /** A source sends an item; `kind` is that of the envelope where it is not the item's own. */
  async send(
    item: { readonly [key: string]: unknown },
    {
      receivedAt,
      source,
      trust,
      kind,
    }: { receivedAt: number; source: string; trust: Trust; kind?: EnvelopeKind },
  ): Promise<void> {
    const arrival = {
      workspace: WORKSPACE,
      source: source as SourceName,
      trust,
      receivedAt,
      index: 0,
      strict: false,
      bytes: 1_000,
    };
    const verdict = acceptItem(item, arrival);
    if (verdict.outcome === 'refused') throw new Error(verdict.error.message);
    const { identifiers, anchor, at, kind: own, payload } = verdict.touchpoint;
    const named = identifiers.map(({ namespace, value }) => ({ namespace, value }));
    const [resolution] = await this.keys.resolve([{ workspace: WORKSPACE, identifiers: named, anchor }]);
    if (resolution?.outcome !== 'resolved') throw new Error('nobody is suppressed here');
    const refs: EnvelopeRef[] = anchor < 0 ? [{ ns: 'event', ref: resolution.anchorRef, strength: 0 }] : [];
    const ids = anchor < 0 ? [''] : [];
    const derivations: SealedDerivation[] = [];
    const places: number[] = [];
    identifiers.forEach(({ namespace, value, strength, derived }, i) => {
      const ref = resolution.refs[i] as Ref | null;
      const origin =
        derived === undefined ? undefined : Math.max(0, derived.from < 0 ? anchor : derived.from);
      // What is suppressed is stripped, and a guess from it too.
      if (ref === null || (origin !== undefined && places[origin] === undefined)) return;
      places[i] = refs.length;
      refs.push({ ns: namespace, ref, strength, ...(derived === undefined ? {} : { derived: true }) });
      ids.push(value);
      if (derived === undefined || origin === undefined) return;
      const { from, ...how } = derived;
      derivations.push({ of: places[i], from: places[origin] as number, typed: from >= 0, ...how });
      const guess = { from: resolution.refs[origin] as Ref, to: ref };
      if (!this.#judged.has(keyOf(guess))) this.guessed.set(keyOf(guess), guess);
    });
    const eventId = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `event ${this.#written}`) as EventId;
    const envelope: Envelope = {
      eventId,
      workspace: WORKSPACE,
      source: source as SourceName,
      kind: kind ?? own,
      schema: SCHEMA_VERSION,
      receivedAt,
      at,
      index: 0,
      rules: RULES_VERSION,
      alg: 'xc1',
      refs,
    };
    const told: Payload = kind === 'derived' ? { type: 'derived', of: eventId } : payload;
    const body = {
      ids,
      payload: told,
      ...(derivations.length > 0 ? { derivations } : {}),
      ...(trust === 'server' ? { trust } : {}),
    };
    const event = {
      id: eventId,
      type: TOUCHPOINT_TYPE,
      metadata: encodeEnvelope(envelope),
      data: seal(body, envelope, resolution.key),
    };
    const stream = `touchpoint-${WORKSPACE}.${source}.20260101.w${this.#written++}`;
    const appended = await this.log.append(stream, [event], 'noStream');
    if (appended.outcome !== 'appended') throw new Error(appended.outcome);
    for (const { ns, ref } of refs) if (ns !== 'event') this.refs.add(ref);
    this.#place(appended.position, receivedAt);
  }

  /** An operator orders that two identifiers are one person's, or never are. */
  async order(kind: 'force_merge' | 'forbid', a: Ref, b: Ref, at: number): Promise<void> {
    const desk = new ConfigDesk({ log: this.log, keys: this.keys, follower: this.follower, now: () => at });
    const order = kind === 'forbid' ? { kind, a, b } : { kind, refs: [a, b] };
    const done = await desk.command({ workspace: WORKSPACE, actor: 'admin' }, order, 'a reason');
    if (done.outcome !== 'commanded') throw new Error(done.outcome);
    this.#place(done.position, at);
  }

  /** Somebody confirms or rejects a guess at what an e-mail address was meant to be. */
  async judge(guess: Guessed, verdict: 'confirmed' | 'rejected', at: number): Promise<void> {
    const { from, to } = guess;
    this.guessed.delete(keyOf(guess));
    this.#judged.add(keyOf(guess));
    const desk = new QualityDesk({ log: this.log, follower: this.follower, now: () => at });
    const pair = { from, to, fromNamespace: 'email', toNamespace: 'email' };
    const author = { workspace: WORKSPACE, actor: 'admin' };
    const done = await desk.decideCorrection(author, pair, verdict, 'a reason');
    if (done.outcome !== 'written') throw new Error(done.outcome);
    if (verdict === 'confirmed') this.confirmed.add(to);
    this.#place(done.position, at);
  }

  /** Brings state and tables to the end of the log. */
  async settle(): Promise<void> {
    await this.#fold(
      this.state,
      warehouseSink(this.warehouse, 1, SQUASH_AFTER),
      this.placed.at(-1)?.position as Position,
    );
  }

  /** Folds the log anew into a state store of its own, up to the last event that was recorded by then. */
  async rebuiltUntil<T>(at: number, use: (state: StateStore) => Promise<T>): Promise<T> {
    const until = this.placed.findLast(({ recordedAt }) => recordedAt <= at);
    const path = mkdtempSync(join(this.root, 'rebuilt-'));
    const state = await openRocksStateStore({ path });
    try {
      if (until !== undefined) await this.#fold(state, NO_TABLES, until.position);
      return await use(state);
    } finally {
      await state.close();
      rmSync(path, { recursive: true });
    }
  }

  async #fold(state: StateStore, sink: RowSink, until: Position): Promise<void> {
    const { log, keys } = this;
    const pipeline = await Pipeline.open({
      log,
      keys,
      state,
      sink,
      monitor: STRICT,
    });
    await pipeline.settleAt(until);
    await pipeline.stop();
  }

  #place(position: Position, at: number): void {
    this.#clock = Math.max(this.#clock, at);
    this.placed.push({ position, recordedAt: this.#clock });
  }
}
