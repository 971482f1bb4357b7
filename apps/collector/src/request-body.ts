import { gunzip } from 'node:zlib';
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';

const unzip = promisify(gunzip);

/** Largest body of an ingest request after decompression, bytes. */
export const MAX_BODY_BYTES = 500 * 1024;

/** Why a body was not read, as an HTTP status and a text for the developer. */
export interface UnreadBody {
  readonly outcome: 'refused';
  readonly status: 400 | 413 | 415;
  readonly message: string;
}

/** JSON that was read, or why it was not. */
export type ReadJson =
  { readonly outcome: 'read'; readonly json: unknown; readonly bytes: number } | UnreadBody;

/** Bytes after decompression, or why there are none. */
export type ReadBytes = { readonly outcome: 'read'; readonly body: Buffer } | UnreadBody;

/**
 * Reads JSON whatever the content type says: browser SDKs send `text/plain`, RudderStack's sends
 * `application/x-www-form-urlencoded` with gzip.
 */
export async function readJson(raw: Buffer | undefined, encoding: string | undefined): Promise<ReadJson> {
  const read = await readBytes(raw, encoding, MAX_BODY_BYTES);
  if (read.outcome === 'refused') return read;
  const { body } = read;
  if (!isUtf8(body)) return refuse(400, 'the body is not valid UTF-8');
  try {
    return { outcome: 'read', json: JSON.parse(textOf(body)), bytes: body.length };
  } catch {
    return refuse(400, 'the body is not valid JSON');
  }
}

/** The body as text, without the byte order mark that .NET puts in front. */
function textOf(body: Buffer): string {
  return body.toString('utf8', body.length > 2 && body.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0);
}

/**
 * Unpacks a body. Decompression stops at the limit, so a small body that unfolds to gigabytes costs no more than a
 * large one.
 */
export async function readBytes(
  raw: Buffer | undefined,
  encoding: string | undefined,
  limit: number,
): Promise<ReadBytes> {
  if (raw === undefined || raw.length === 0) return refuse(400, 'the body is empty');
  let body = raw;
  const coding = encoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') {
    try {
      body = await unzip(raw, { maxOutputLength: limit });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(limit)
        : refuse(400, 'the body is not valid gzip, though Content-Encoding says so');
    }
  } else if (coding !== 'identity' && coding !== '') {
    return refuse(415, `Content-Encoding must be gzip or absent`);
  }
  return body.length > limit ? tooLarge(limit) : { outcome: 'read', body };
}

function tooLarge(limit: number): UnreadBody {
  return refuse(413, `the body is larger than ${limit} bytes after decompression`);
}

function refuse(status: 400 | 413 | 415, message: string): UnreadBody {
  return { outcome: 'refused', status, message };
}
