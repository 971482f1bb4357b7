import type { FormField } from './form-body.ts';

/** Largest body of this kind: forms of mailers with attachments are not what a webhook is for. */
export const MULTIPART_BYTES_LIMIT = 1024 * 1024;

const PARTS_LIMIT = 200;

type Multipart =
  | { readonly outcome: 'fields'; readonly fields: readonly FormField[] }
  | { readonly outcome: 'refused'; readonly message: string };

/** The fields of a small `multipart/form-data` body. Of a file only its name is kept. */
export function parseMultipart(body: Buffer, contentType: string): Multipart {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (boundary === null) return refused('multipart/form-data without a boundary');
  if (body.length > MULTIPART_BYTES_LIMIT) {
    return refused(
      `multipart/form-data of more than ${MULTIPART_BYTES_LIMIT} bytes; send JSON or a plain form`,
    );
  }
  // One byte is one character here, so that offsets are the body's.
  const parts = body.toString('latin1').split(`--${boundary[1] ?? boundary[2] ?? ''}`);
  if (parts.length < 3) return refused('multipart/form-data without parts');
  if (parts.length > PARTS_LIMIT + 2) return refused(`multipart/form-data of more than ${PARTS_LIMIT} parts`);
  const fields: FormField[] = [];
  for (const part of parts.slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n');
    if (end < 0) return refused('multipart/form-data with a broken part');
    const disposition = /^content-disposition:([^\r\n]*)/im.exec(utf8(part.slice(0, end)))?.[1] ?? '';
    const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
    if (name === undefined) return refused('multipart/form-data with a part without a name');
    const file = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1];
    fields.push([name, file ?? utf8(part.slice(end + 4).replace(/\r\n$/, ''))]);
  }
  return { outcome: 'fields', fields };
}

function refused(message: string): Multipart {
  return { outcome: 'refused', message };
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
