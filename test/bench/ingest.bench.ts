import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchBodies, everybody, singleBodies } from './bodies.ts';
import { load, serve } from './load.ts';
import type { Served } from './load.ts';
import { compare } from './report.ts';

const PEOPLE = 20_000;
const RUNS = 3;

interface Case {
  readonly name: string;
  readonly path: string;
  readonly connections: number;
  readonly eventsPerBody: number;
  readonly goal: string;
  readonly bodies: (run: number) => Buffer[];
}

const CASES: readonly Case[] = [
  {
    name: 'durable ingest, batches of 100, known people',
    path: '/v1/batch',
    connections: 16,
    eventsPerBody: 100,
    goal: 'floor 0.3, aim 0.5',
    bodies: (run) => batchBodies(800, 100, PEOPLE, 1_000_000 + run * 80_000),
  },
  {
    name: 'durable ingest, single events, 64 connections',
    path: '/v1/track',
    connections: 64,
    eventsPerBody: 1,
    goal: 'floor 0.4, aim 0.6',
    bodies: (run) => singleBodies(40_000, PEOPLE, 5_000_000 + run * 40_000),
  },
];

/** Durable ingest beside the limit program: same bodies, same load generator, turn about. */
export async function benchIngest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'temas-bench-'));
  const limit = await serve('limit-program', join(folder, 'limit.log'));
  const temas = await serve('collector-program', join(folder, 'temas'));
  await load(`${temas.url}/v1/batch`, everybody(PEOPLE), 8);
  for (const { name, path, connections, eventsPerBody, goal, bodies } of CASES) {
    const measure = async (server: Served, run: number): Promise<number> =>
      (await load(`${server.url}${path}`, bodies(run), connections)).perSecond * eventsPerBody;
    const pairs: { ours: number; limit: number }[] = [];
    for (let run = 0; run < RUNS; run++) {
      pairs.push({ limit: await measure(limit, run), ours: await measure(temas, run) });
    }
    compare(name, 'limit program', pairs, goal);
  }
  await Promise.all([limit.close(), temas.close()]);
  rmSync(folder, { recursive: true });
}
