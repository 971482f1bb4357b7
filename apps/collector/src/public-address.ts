import type { FastifyRequest } from 'fastify';

/** `http` or `https` as the caller sees it: a proxy that ends TLS says so. */
export function protocolOf({ headers, protocol }: Pick<FastifyRequest, 'headers' | 'protocol'>): string {
  const forwarded = String(headers['x-forwarded-proto'] ?? '')
    .split(',', 1)[0]
    ?.trim();
  return forwarded === 'https' || forwarded === 'http' ? forwarded : protocol;
}

/** Address under which the caller reached Temas, without a slash at its end. */
export function publicAddress(request: Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>): string {
  return `${protocolOf(request)}://${request.host}`;
}
