import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who asks, by any of the ways ClickHouse's clients have to say it. */
export function credentialsOf(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): { user: string; password: string } {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { user, password: password.join(':') };
  }
  const text = (name: string): string | undefined => headers[name]?.toString();
  return {
    user: text('x-clickhouse-user') ?? query.get('user') ?? 'default',
    password: text('x-clickhouse-key') ?? query.get('password') ?? '',
  };
}

/** Compares secrets in a time that says nothing of where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
