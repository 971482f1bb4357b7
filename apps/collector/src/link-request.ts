import type { ItemError } from '#touchpoint';
import type { MailLink } from './link-token.ts';

/** A link that its sender asks for, before its source is known. */
export type LinkWish = Omit<MailLink, 'workspace' | 'source'>;

/** Links in one request, at most. */
export const MAX_LINKS = 1_000;

const MAX_URL = 2_048;
const MAX_LINK_BYTES = 4_096;

const PERSON_TEXTS = ['userId', 'anonymousId'] as const;

/** Reads one wish for a link, or says what is wrong with it. Pure. */
export function readLinkWish(raw: unknown, index: number): LinkWish | ItemError {
  const fault = (field: string, message: string, limit?: number): ItemError => ({
    index,
    code: 'invalid_link',
    field,
    message: `${field === '' ? 'the link' : field} ${message}`,
    ...(limit === undefined ? {} : { limit }),
  });
  if (!isObject(raw)) return fault('', 'must be an object');
  const { kind, url, email, phone, externalIds, campaign, properties } = raw;
  if (kind !== 'open' && kind !== 'click') return fault('kind', 'must be "open" or "click"');
  if (kind === 'click' && !isWebAddress(url)) {
    return fault('url', `must be an http or https address of at most ${MAX_URL} characters`, MAX_URL);
  }
  const person: Record<string, unknown> = {};
  for (const name of PERSON_TEXTS) {
    if (raw[name] === undefined) continue;
    if (typeof raw[name] !== 'string') return fault(name, 'must be text');
    person[name] = raw[name];
  }
  if (email !== undefined || phone !== undefined) person.traits = { email, phone };
  if (externalIds !== undefined) {
    if (!Array.isArray(externalIds)) return fault('externalIds', 'must be an array');
    person.externalIds = externalIds;
  }
  if (Object.keys(person).length === 0) {
    return fault('', 'names nobody: give userId, anonymousId, email, phone or externalIds');
  }
  if (campaign !== undefined && !isObject(campaign)) return fault('campaign', 'must be an object');
  if (properties !== undefined && !isObject(properties)) return fault('properties', 'must be an object');
  const wish: LinkWish = {
    kind,
    person,
    ...(kind === 'click' ? { url: url as string } : {}),
    ...(campaign === undefined ? {} : { campaign }),
    ...(properties === undefined ? {} : { properties }),
  };
  const bytes = Buffer.byteLength(JSON.stringify(wish));
  return bytes > MAX_LINK_BYTES ? fault('', `has more than ${MAX_LINK_BYTES} bytes`, MAX_LINK_BYTES) : wish;
}

function isWebAddress(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MAX_URL || !/^https?:\/\//i.test(value)) return false;
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
