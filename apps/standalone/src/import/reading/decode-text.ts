import { MappingInvalid } from '../errors.ts';

/** Bytes 80 to 9F of windows-1252. Node 20 decodes them as the control characters of ISO 8859-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * The text of a file. A byte order mark falls away; bytes that the encoding does not have become U+FFFD. Throws
 * {@link MappingInvalid} where the first bytes say UTF-16 and the mapping does not.
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  encoding: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  const repair = decoder.encoding === 'windows-1252';
  let first = true;
  for await (const chunk of chunks) {
    if (first) checkMark(chunk, decoder.encoding);
    first = false;
    const text = decoder.decode(chunk, { stream: true });
    yield repair
      ? text.replaceAll(/[\x80-\x9f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] as string)
      : text;
  }
  yield decoder.decode();
}

function checkMark(chunk: Buffer, encoding: string): void {
  if (encoding.startsWith('utf-16')) return;
  const mark = chunk.subarray(0, 2).toString('latin1');
  const label = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : undefined;
  if (label === undefined) return;
  throw new MappingInvalid([{ path: 'encoding', message: `the file says it is ${label}` }]);
}
