/** The parts of a request that may carry a write key. */
export interface KeyBearer {
  readonly authorization?: string;
  readonly header?: string;
  readonly body?: unknown;
  readonly query?: unknown;
}

/**
 * Finds the write key in the order that the SDKs need (wire contract §4.2): Basic (the password is ignored, the
 * colon optional), `X-Write-Key` (a secret after the colon is ignored), `writeKey` in the body, in the items of its
 * batch if they agree, in the query.
 */
export function findWriteKey({ authorization, header, body, query }: KeyBearer): string | undefined {
  const basic = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const user = Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0];
    if (user) return user;
  }
  const fromHeader = header?.split(':', 1)[0];
  if (fromHeader) return fromHeader;
  return textOf(body) ?? ofItems(body) ?? textOf(query);
}

function textOf(holder: unknown): string | undefined {
  const key = (holder as { writeKey?: unknown } | null | undefined)?.writeKey;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** The key of a browser's batch, which stands in each item; one request has one source. */
function ofItems(body: unknown): string | undefined {
  const items = (body as { batch?: unknown } | null | undefined)?.batch;
  if (!Array.isArray(items)) return undefined;
  const named = new Set(items.map(textOf).filter((key) => key !== undefined));
  return named.size === 1 ? named.values().next().value : undefined;
}
