import { readFileSync } from 'node:fs';

/** A batch body of `/v1/batch` with track events of the clickstream file. */
export interface ClickBatch {
  readonly batch: readonly object[];
}

/** The rows of `user_id,event,timestamp` as track events with message ids, in batches. */
export function clickstreamBatches(file: string, perBatch = 500): ClickBatch[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const events = lines.map((line, i) => {
    const [userId, event, timestamp] = line.trim().split(',');
    return { type: 'track', messageId: `click-${i}`, userId, event, timestamp };
  });
  const batches: ClickBatch[] = [];
  for (let i = 0; i < events.length; i += perBatch) batches.push({ batch: events.slice(i, i + perBatch) });
  return batches;
}
