import { HOME, HOME_SOURCE } from '#apps/process';
import type { Metrics } from '#apps/process';
import type { ConfigFollower } from '#config';
import type { EventLog } from '#event-log';
import type { KeyStore } from '#key-store';
import { ArrivalTally, TallyWriter } from '#quality';
import type { CollectorParts } from './collector.module.ts';
import { WriteKeys } from './write-keys.ts';

/** What a collector is wired over. */
export interface CollectorEngines {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly config: ConfigFollower;
  readonly metrics: Metrics;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Write key of the environment. */
  readonly writeKey: string;
}

/** A collector over its engines, and its end: counts that are not in the log yet are written then. */
export interface WiredCollector {
  readonly parts: CollectorParts;
  close(): Promise<void>;
}

/** Wires a collector; it counts from now on what arrives. */
export function wireCollector({
  log,
  keys,
  config,
  metrics,
  now,
  writeKey,
}: CollectorEngines): WiredCollector {
  const writeKeys = new WriteKeys(keys, config, now);
  writeKeys.register(writeKey, { workspace: HOME, source: HOME_SOURCE, trust: 'server' });
  const tally = new ArrivalTally();
  const tallyWriter = new TallyWriter(log, tally);
  tallyWriter.start();
  return {
    parts: { log, keys, config, tally, writeKeys, now, monitor: metrics },
    close: () => tallyWriter.close(),
  };
}
