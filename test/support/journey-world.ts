import { afterAll, beforeAll, expect } from '@jest/globals';
import { untilItWorks } from './retry.ts';
import { makeDataDir, TemasProcess } from './temas-process.ts';

/** What a funnel answers. */
export interface Counts {
  readonly steps: { count: number; fromPrevious: number | null; dropped: number }[];
  readonly timeToConvert: { median: number | null };
  readonly sql: string;
  readonly parameters: Record<string, unknown>;
  readonly ms: number;
}

/** What a refused question answers. */
export interface Problem {
  readonly errors?: { field: string; message: string }[];
  readonly detail: string;
}

/** What an attribution answers. */
export interface Credits {
  readonly conversions: number;
  readonly value: number;
  readonly nulls: number;
  readonly models: Record<
    string,
    { name: string; conversions: number; value: number; removalEffect?: number }[]
  >;
  readonly unattributed: { conversions: number; value: number };
}

/** Credit of a model by name. */
export function credit(answer: Credits, model: string): Record<string, number> {
  return Object.fromEntries((answer.models[model] ?? []).map(({ name, conversions }) => [name, conversions]));
}

/** Temas with events of its own, asked about journeys. */
export interface JourneyWorld {
  readonly temas: TemasProcess;
  /** Its data directory. */
  readonly path: string;
  /** Position of what was sent last. */
  readonly last: string;
  /** Sends events; none of them may be refused. */
  readonly send: (batch: readonly object[]) => Promise<void>;
  /** Asks `/v1/analytics/<path>` once all that was sent is there; another status than the expected one fails. */
  readonly ask: <T>(path: string, body: object, status?: number) => Promise<T>;
}

/** A world of the suite that calls this: it starts before its tests and is gone after them. */
export function journeyWorld(): JourneyWorld {
  const data = makeDataDir();
  let temas: TemasProcess;
  let last = '0';

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  return {
    path: data.path,
    get temas() {
      return temas;
    },
    get last() {
      return last;
    },
    send: async (batch) => {
      const { body } = await untilItWorks(() => temas.send('batch', { batch }));
      expect(body.errors).toBeUndefined();
      last = body.position as string;
    },
    ask: async <T>(path: string, body: object, status = 200): Promise<T> => {
      const answer = await temas.call<T>('POST', `/v1/analytics/${path}?after=${last}&wait=60`, body);
      if (answer.status !== status)
        throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 2_000)}`);
      return answer.body;
    },
  };
}
