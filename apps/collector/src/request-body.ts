import { gunzip } from 'node:zlib';
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';

const unzip = promisify(gunzip);

/** Largest body of an ingest request after decompression, bytes. */
export const MAX_BODY_BYTES = 500 * 1024;

/** A body that was read, or why it was not, as an HTTP status and a text for the developer. */
export type ReadBody =
  | { readonly outcome: 'read'; readonly json: unknown; readonly bytes: number }
  | { readonly outcome: 'refused'; readonly status: 400 | 413 | 415; readonly message: string };

/**
 * Reads JSON whatever the content type says: browser SDKs send `text/plain`, RudderStack's sends
 * `application/x-www-form-urlencoded` with gzip. Decompression stops at the limit, so a small body that unfolds
 * to gigabytes costs no more than a large one.
 */
export async function readBody(raw: Buffer | undefined, encoding: string | undefined): Promise<ReadBody> {
  if (raw === undefined || raw.length === 0) return refuse(400, 'the body is empty; expected JSON');
  let text = raw;
  const coding = encoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') {
    try {
      text = await unzip(raw, { maxOutputLength: MAX_BODY_BYTES });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge()
        : refuse(400, 'the body is not valid gzip, though Content-Encoding says so');
    }
  } else if (coding !== 'identity' && coding !== '') {
    return refuse(415, `Content-Encoding must be gzip or absent`);
  }
  if (text.length > MAX_BODY_BYTES) return tooLarge();
  if (!isUtf8(text)) return refuse(400, 'the body is not valid UTF-8');
  try {
    return { outcome: 'read', json: JSON.parse(text.toString('utf8')), bytes: text.length };
  } catch {
    return refuse(400, 'the body is not valid JSON');
  }
}

function tooLarge(): ReadBody {
  return refuse(413, `the body is larger than ${MAX_BODY_BYTES} bytes after decompression`);
}

function refuse(status: 400 | 413 | 415, message: string): ReadBody {
  return { outcome: 'refused', status, message };
}
