import { LogOverloaded, LogUnavailable } from '#event-log';
import type { Call } from './ingest-paths.ts';
import type { IngestRequest, IngestResult, IngestService } from './ingest.service.ts';
import { readBody } from './request-body.ts';
import { findWriteKey } from './write-key.ts';
import type { WriteKeys } from './write-keys.ts';

/** An ingest request as it came over HTTP. */
export interface IngestHttpRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: unknown;
  readonly body: Buffer | undefined;
}

/** An answer to it. */
export interface IngestHttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Items in one batch, at most. */
export const MAX_BATCH_ITEMS = 2_500;

/** What a batch's shared context may grow to when it is merged into every item, bytes: a small body must not fill memory. */
const MAX_MERGED_BYTES = 16 * 1024 * 1024;

const RETRY_AFTER_SECONDS = '2';

const NO_KEY = 'no write key was given, or the items of the batch name more than one';

/** Takes ingest requests from HTTP to the service and its outcome back to what SDKs understand (§4.4). */
export class IngestHandler {
  constructor(
    private readonly service: IngestService,
    private readonly writeKeys: WriteKeys,
    private readonly now: () => number,
    private readonly observe: (result: IngestResult) => void,
  ) {}

  /** Answers one request; infrastructure that fails becomes 503, so that SDKs try again. */
  async handle(call: Call, { headers, query, body: raw }: IngestHttpRequest): Promise<IngestHttpAnswer> {
    const receivedAt = this.now();
    const body = await readBody(raw, text(headers['content-encoding']));
    if (body.outcome === 'refused') return refuse(body.status, body.message);
    const key = findWriteKey({
      authorization: text(headers.authorization),
      header: text(headers['x-write-key']),
      body: body.json,
      query,
    });
    const from = key === undefined ? undefined : this.writeKeys.find(key);
    if (from === undefined) {
      return refuse(401, key === undefined ? NO_KEY : 'the write key is not known');
    }
    const shape = shapeOf(call, body.json);
    if (typeof shape === 'string') return refuse(400, shape);
    const request = { ...shape, from, receivedAt, strict: call === 'import', bytes: body.bytes };
    try {
      const result = await this.service.ingest(request);
      this.observe(result);
      return answer(call, result);
    } catch (error) {
      if (error instanceof LogUnavailable || error instanceof LogOverloaded) {
        const message = 'the event log cannot take events now; send this request again';
        return {
          status: 503,
          headers: { 'retry-after': RETRY_AFTER_SECONDS },
          body: { success: false, message },
        };
      }
      throw error;
    }
  }
}

/** The items of a body, or what is wrong with it as a whole. */
function shapeOf(call: Call, json: unknown): Pick<IngestRequest, 'items' | 'call' | 'batch'> | string {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return 'the body must be a JSON object';
  if (call === 'event') return { items: [json] };
  if (call !== 'batch' && call !== 'import') return { items: [json], call };
  const { batch, sentAt, context, integrations } = json as Record<string, unknown>;
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

function answer(call: Call, { position, accepted, errors, warnings }: IngestResult): IngestHttpAnswer {
  const single = call !== 'batch' && call !== 'import';
  const status = single && accepted === 0 ? 400 : 200;
  return {
    status,
    body: {
      success: status === 200,
      ...(position === undefined ? {} : { position: position.toString() }),
      ...(errors.length > 0 ? { errors } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    },
  };
}

function refuse(status: number, message: string): IngestHttpAnswer {
  return { status, body: { success: false, message } };
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
