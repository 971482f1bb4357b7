import { createHash } from 'node:crypto';

/**
 * Id of the touchpoint of one record: the same bytes and line give the same id for ever, so that importing again
 * changes nothing, and two equal lines stay two touchpoints.
 *
 * @param digest SHA-256 of the file's bytes, hex
 */
export function messageIdOf(digest: string, line: number): string {
  const hash = createHash('sha256').update(`${digest}:${line}`).digest('hex');
  return `import-${hash.slice(0, 32)}`;
}
