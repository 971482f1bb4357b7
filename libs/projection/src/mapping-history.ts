import type { Position, SourceName, Workspace } from '#kernel';
import { CONFIG_STREAMS, decodeConfigEvent, workspaceOf } from '#config';
import type { EventLog, RecordedEvent } from '#event-log';
import type { SourceMapping } from '#webhook';

/** Tells by which mapping the webhook items of a source are read. */
export interface Mappings {
  /** Mapping for an item at a position; that of any JSON where the source was given none. */
  at(workspace: Workspace, source: SourceName, position: Position): SourceMapping;
}

interface Entry {
  readonly position: Position;
  readonly mapping: SourceMapping;
}

const GENERIC: SourceMapping = { vendor: 'generic' };

/**
 * The mappings of all sources over the length of the log. A generation of the projections reads everything before its
 * own birth by the mappings in force at its birth, so that a rebuild shows an improved mapping; later items are read
 * by the mapping in force at their own position. So the same log and birth give the same rows.
 */
export class MappingHistory implements Mappings {
  readonly #entries = new Map<string, Entry[]>();

  private constructor(private readonly born: Position) {}

  /** History of a generation that was born at a position. */
  static async open(log: EventLog, born: Position): Promise<MappingHistory> {
    const history = new MappingHistory(born);
    await history.#load(log);
    return history;
  }

  /** Learns from an event of a `config-` stream; every other event, and one already learnt, changes nothing. */
  take(event: RecordedEvent): void {
    if (!event.stream.startsWith(CONFIG_STREAMS)) return;
    const config = decodeConfigEvent(event);
    if (config === undefined || !('mapping' in config) || config.mapping === undefined) return;
    const key = `${workspaceOf(event.stream)}/${config.source}`;
    const entries = this.#entries.get(key) ?? [];
    this.#entries.set(key, entries);
    const last = entries.at(-1);
    if (last !== undefined && last.position >= event.position) return;
    entries.push({ position: event.position, mapping: config.mapping ?? GENERIC });
  }

  at(workspace: Workspace, source: SourceName, position: Position): SourceMapping {
    const entries = this.#entries.get(`${workspace}/${source}`);
    const until = position > this.born ? position : this.born;
    return entries?.findLast((entry) => entry.position <= until)?.mapping ?? GENERIC;
  }

  async #load(log: EventLog): Promise<void> {
    for await (const stream of log.streams(CONFIG_STREAMS)) {
      for await (const event of log.readStream(stream)) this.take(event);
    }
  }
}
