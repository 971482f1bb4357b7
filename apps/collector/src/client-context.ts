import type { FastifyRequest } from 'fastify';
import type { Payload } from '#touchpoint';

/** What a request tells of the person's own device. */
export interface Client {
  /** Address by the configured trust in proxies. Personal data: never logged. */
  readonly ip: string;
  readonly userAgent: string | undefined;
}

const LONGEST_AGENT = 1_000;

/** The device behind a request; only for `client` sources, where it is not the company's own server. */
export function clientOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Client {
  return { ip, userAgent: headers['user-agent']?.slice(0, LONGEST_AGENT) };
}

/**
 * The context with address and user agent of the request where the item names none. `direct: true` asks for the
 * address of the request in any case, as in the wire format. The item's own objects stay as they are.
 */
export function withClient(context: Payload['context'], client: Client): NonNullable<Payload['context']> {
  const { ip, userAgent, direct } = context ?? {};
  const takesAddress = ip === undefined || ip === null || ip === '' || direct === true;
  const takesAgent = (userAgent === undefined || userAgent === null) && client.userAgent !== undefined;
  if (!takesAddress && !takesAgent && context !== undefined) return context;
  return {
    ...context,
    ...(takesAddress ? { ip: client.ip } : {}),
    ...(takesAgent ? { userAgent: client.userAgent } : {}),
  };
}
