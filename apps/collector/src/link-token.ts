import { isName } from '#kernel';
import type { SourceName, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';

/** What a link in a mail stands for. */
export interface MailLink {
  readonly kind: 'open' | 'click';
  readonly workspace: Workspace;
  readonly source: SourceName;
  /** Where a click leads; absent for an open. */
  readonly url?: string;
  /** Whom the mail was sent to: fields of the wire format. */
  readonly person: Readonly<Record<string, unknown>>;
  readonly campaign?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const PURPOSE = 'mail-link';

/** Longest token that is looked at. */
const MAX_TOKEN = 8_192;

/**
 * A link as a token: sealed, so that an address in a mail tells nobody who got it, and so that nobody can make one
 * that leads elsewhere.
 */
export function sealLink(keys: KeyStore, link: MailLink): string {
  return keys.seal(PURPOSE, Buffer.from(JSON.stringify(link), 'utf8')).toString('base64url');
}

/** The link of a token; `undefined` for anything that `sealLink` did not make with this master key. */
export function openLink(keys: KeyStore, token: string): MailLink | undefined {
  if (token.length > MAX_TOKEN || !/^[\w-]+$/.test(token)) return undefined;
  const plain = keys.open(PURPOSE, Buffer.from(token, 'base64url'));
  if (plain === undefined) return undefined;
  const link = JSON.parse(plain.toString('utf8')) as MailLink;
  return isName(link.workspace) && isName(link.source) ? link : undefined;
}
