import { hash } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Text form of 16 bytes as a UUID, with version and variant bits left as they are. */
export function formatUuid(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[i] as number];
  }
  return text;
}

/** Stamps version and variant (RFC 9562) into 16 bytes and formats them. */
export function stampUuid(bytes: Uint8Array, version: 5 | 8): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return formatUuid(bytes);
}

/** Where the bytes of a UUID stand in its text. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Value of a hexadecimal digit, of either case. */
function digit(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code < 58 ? code - 48 : (code & 0xdf) - 55;
}

/** What is hashed: the namespace's bytes, then the name's. Used again, for an allocation costs as much as the hash. */
let scratch = Buffer.alloc(256);
let scratchNamespace = '';

/** Name-based UUID, version 5 of RFC 9562: SHA-1 over the namespace's bytes and the name's UTF-8. */
export function uuidV5(namespace: string, name: string): string {
  const end = 16 + name.length * 3;
  if (end > scratch.length) {
    scratch = Buffer.alloc(end);
    scratchNamespace = '';
  }
  // Most names of one namespace follow each other: the decisions of an event, the events of a workspace.
  if (scratchNamespace !== namespace) {
    for (let i = 0; i < 16; i++) {
      const place = PLACES[i] as number;
      scratch[i] = (digit(namespace, place) << 4) | digit(namespace, place + 1);
    }
    scratchNamespace = namespace;
  }
  const digest = hash('sha1', scratch.subarray(0, 16 + scratch.write(name, 16)), 'hex');
  const variant = '89ab'[digit(digest, 16) & 0b11];
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Root namespace of every UUIDv5 that Temas derives (profiles, decisions). Never changes: ids depend on it. */
export const TEMAS_NAMESPACE = 'b0d7c1c4-6e5e-5b0a-9d6f-3a4f0c6f8e21';

const workspaceNamespaces = new Map<string, string>();

/** UUIDv5 namespace of what a workspace derives. Kept: there are few workspaces, and it is half of the hashing. */
export function workspaceNamespace(workspace: string): string {
  let namespace = workspaceNamespaces.get(workspace);
  if (namespace === undefined) {
    namespace = uuidV5(TEMAS_NAMESPACE, workspace);
    workspaceNamespaces.set(workspace, namespace);
  }
  return namespace;
}
