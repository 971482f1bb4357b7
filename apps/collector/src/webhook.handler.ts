import type { FastifyRequest } from 'fastify';
import { webhookSecret } from '#config';
import type { Source } from '#config';
import type { KeyStore } from '#key-store';
import { splitDelivery, topicOf, verifySignature } from '#webhook';
import type { SignedDelivery, SourceMapping } from '#webhook';
import { answerTo, refuse } from './http-answer.ts';
import type { IngestHttpAnswer } from './http-answer.ts';
import type { Intake } from './intake.ts';
import { readBytes } from './request-body.ts';
import { webhookReader } from './webhook-reader.ts';
import type { WriteKeys } from './write-keys.ts';

/** Largest delivery after decompression, bytes. */
const MAX_DELIVERY_BYTES = 1024 * 1024;

const GENERIC: SourceMapping = { vendor: 'generic' };

/** A delivery as it came over HTTP; the body is its bytes. */
export interface WebhookDelivery extends Pick<FastifyRequest, 'headers' | 'query' | 'body'> {
  readonly contentType: string | undefined;
  /** Where it was posted to, as the vendor knows the address: some sign it. */
  readonly address: string;
}

/** Takes what vendors post: one touchpoint per item of a delivery, each sealed as it came. */
export class WebhookHandler {
  constructor(
    private readonly intake: Intake,
    private readonly writeKeys: WriteKeys,
    private readonly keys: KeyStore,
  ) {}

  /** Answers one delivery. Vendors send again what is not answered with 2xx. */
  async handle(writeKey: string, http: WebhookDelivery): Promise<IngestHttpAnswer> {
    const receivedAt = this.intake.now();
    const holder = this.writeKeys.find(writeKey);
    if (holder === undefined) return refuse(401, 'the key in the path is not known, or has ended');
    const headers = single(http.headers);
    const read = await readBytes(
      http.body as Buffer | undefined,
      headers['content-encoding'],
      MAX_DELIVERY_BYTES,
    );
    if (read.outcome === 'refused') return refuse(read.status, read.message);
    const { body } = read;
    const delivery = { headers, rawBody: body, address: http.address };
    const forged = this.#forged(holder.source, delivery, receivedAt);
    if (forged !== undefined) return refuse(401, forged);
    const query = http.query as Record<string, unknown>;
    const split = splitDelivery(body, http.contentType, query);
    if (split.outcome === 'refused') return refuse(400, split.message);
    const topic = topicOf(headers, query);
    const taken = await this.intake.take(holder, {
      items: topic === undefined ? split.items : split.items.map((item) => ({ topic, ...item })),
      receivedAt,
      strict: false,
      bytes: body.length,
      reader: webhookReader(holder.source.mapping ?? GENERIC, holder.source.country),
    });
    return answerTo(taken, false);
  }

  #forged(source: Source, delivery: SignedDelivery, now: number): string | undefined {
    const { signature } = source;
    if (signature === null) return undefined;
    const secret = webhookSecret(this.keys, source);
    if (secret === undefined) return 'the secret of this source cannot be read; set it again';
    const verdict = verifySignature(signature.scheme, secret, delivery, now);
    return verdict.outcome === 'forged' ? verdict.message : undefined;
  }
}

function single(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
