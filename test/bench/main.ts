import { cpus } from 'node:os';
import { benchCatchUp } from './catch-up.bench.ts';
import { benchEventStore } from './eventstore.bench.ts';
import { benchIdentity } from './identity.bench.ts';
import { benchFits } from './fits.bench.ts';
import { benchIngest } from './ingest.bench.ts';
import { benchStitching } from './stitching.bench.ts';
import { benchJourneys } from './journeys.bench.ts';
import { benchPostgres } from './postgres.bench.ts';
import { benchTracker } from './tracker.bench.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  ingest: benchIngest,
  'catch-up': benchCatchUp,
  eventstore: benchEventStore,
  identity: benchIdentity,
  stitching: benchStitching,
  fits: benchFits,
  journeys: benchJourneys,
  tracker: benchTracker,
  postgres: benchPostgres,
};

const asked = process.argv.slice(2);
process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n\n`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
