import { randomUUID } from 'node:crypto';

/**
 * Text fields of a `multipart/form-data` body by name: the way clients send parameters too long for a URL. File
 * names are not looked at: every part is a value.
 */
export function parseMultipart(body: Buffer, contentType: string): Map<string, string> {
  const fields = new Map<string, string>();
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (boundary === null) return fields;
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    const next = body.indexOf(mark, start);
    if (next < 0) break;
    const part = body.subarray(start, next);
    const head = part.indexOf('\r\n\r\n');
    const name = /\bname="([^"]*)"/i.exec(part.subarray(0, Math.max(head, 0)).toString('utf8'))?.[1];
    if (name !== undefined) fields.set(name, part.subarray(head + 4, part.length - 2).toString('utf8'));
    at = next;
  }
  return fields;
}

/** A `multipart/form-data` body of text fields. Values stand in it byte for byte, line ends included. */
export function encodeMultipart(fields: Iterable<readonly [name: string, value: string]>): {
  readonly contentType: string;
  readonly body: Buffer;
} {
  const boundary = randomUUID();
  let text = '';
  for (const [name, value] of fields) {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${text}--${boundary}--\r\n`),
  };
}
