import type { FastifyRequest } from 'fastify';
import { clientOf } from './client-context.ts';
import { answerTo, refuse } from './http-answer.ts';
import type { IngestHttpAnswer } from './http-answer.ts';
import type { Call } from './ingest-paths.ts';
import type { IngestRequest } from './ingest.service.ts';
import type { Intake } from './intake.ts';
import { readJson } from './request-body.ts';
import { findWriteKey } from './write-key.ts';
import type { WriteKeys } from './write-keys.ts';

/** An ingest request as it came over HTTP; the body is its bytes. */
export type IngestHttpRequest = Pick<FastifyRequest, 'headers' | 'query' | 'body' | 'ip'>;

/** Items in one batch, at most. */
export const MAX_BATCH_ITEMS = 2_500;

/** What a batch's shared context may grow to when it is merged into every item, bytes: a small body must not fill memory. */
const MAX_MERGED_BYTES = 16 * 1024 * 1024;

const NO_KEY = 'no write key was given, or the items of the batch name more than one';

/** Takes ingest requests from HTTP to the log and their outcome back to what SDKs understand (§4.4). */
export class IngestHandler {
  constructor(
    private readonly intake: Intake,
    private readonly writeKeys: WriteKeys,
  ) {}

  /** Answers one request; infrastructure that fails becomes 503, so that SDKs try again. */
  async handle(call: Call, http: IngestHttpRequest): Promise<IngestHttpAnswer> {
    const receivedAt = this.intake.now();
    const { headers, query } = http;
    const body = await readJson(http.body as Buffer | undefined, text(headers['content-encoding']));
    if (body.outcome === 'refused') return refuse(body.status, body.message);
    const key = findWriteKey({
      authorization: text(headers.authorization),
      header: text(headers['x-write-key']),
      body: body.json,
      query,
    });
    const holder = key === undefined ? undefined : this.writeKeys.find(key);
    if (holder === undefined) {
      return refuse(401, key === undefined ? NO_KEY : 'the write key is not known, or has ended');
    }
    const shape = shapeOf(call, body.json);
    if (typeof shape === 'string') return refuse(400, shape);
    const taken = await this.intake.take(holder, {
      ...shape,
      receivedAt,
      strict: call === 'import',
      bytes: body.bytes,
      ...(holder.source.trust === 'client' ? { client: clientOf(http) } : {}),
    });
    return answerTo(taken, call !== 'batch' && call !== 'import');
  }
}

/** The items of a body, or what is wrong with it as a whole. */
function shapeOf(call: Call, json: unknown): Pick<IngestRequest, 'items' | 'call' | 'batch'> | string {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return 'the body must be a JSON object';
  if (call === 'event') return { items: [json] };
  if (call !== 'batch' && call !== 'import') return { items: [json], call };
  const { batch, sentAt, integrations, ...rest } = json as Record<string, unknown>;
  const context = rest.context === null || isEmptyArray(rest.context) ? undefined : rest.context;
  if (!Array.isArray(batch)) return '"batch" must be an array of items';
  if (batch.length > MAX_BATCH_ITEMS) {
    return `"batch" has ${batch.length} items; at most ${MAX_BATCH_ITEMS} are taken at once`;
  }
  if (context !== undefined && (typeof context !== 'object' || context === null || Array.isArray(context))) {
    return '"context" must be an object';
  }
  const shared = JSON.stringify([context, integrations]).length;
  if (shared * batch.length > MAX_MERGED_BYTES) {
    return `"context" is too large for ${batch.length} items: merged into each it makes more than ${MAX_MERGED_BYTES} bytes`;
  }
  return { items: batch, batch: { sentAt, context, integrations } };
}

/** What PHP writes for an object without members. */
function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
