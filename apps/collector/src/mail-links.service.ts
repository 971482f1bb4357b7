import type { FastifyRequest } from 'fastify';
import { RateLimiter } from '#config';
import type { ConfigFollower } from '#config';
import type { KeyStore } from '#key-store';
import { clientOf } from './client-context.ts';
import type { Intake } from './intake.ts';
import { openLink, sealLink } from './link-token.ts';
import type { MailLink } from './link-token.ts';

/** Events per second that one address may make: whoever has it could ask for it without end. */
const EVENTS_PER_SECOND = 2;

/** Makes the addresses of mails, and tells opens and clicks when they are asked for. */
export class MailLinks {
  readonly #limiter = new RateLimiter();

  constructor(
    private readonly intake: Intake,
    private readonly config: ConfigFollower,
    private readonly keys: KeyStore,
  ) {}

  /** Token of a link. */
  seal(link: MailLink): string {
    return sealLink(this.keys, link);
  }

  /** Link of a token; `undefined` for a token that is not ours. */
  open(token: string): MailLink | undefined {
    return openLink(this.keys, token);
  }

  /**
   * Stores that a link was asked for. Never throws and never answers: the reader of a mail gets picture or page
   * whatever becomes of the touchpoint, and what could not be stored is counted.
   */
  async follow(token: string, link: MailLink, http: Pick<FastifyRequest, 'ip' | 'headers'>): Promise<void> {
    const { workspace, source: name, kind, person, campaign, properties, url } = link;
    const source = this.config.state(workspace).sources.get(name);
    if (source === undefined) return;
    const receivedAt = this.intake.now();
    const address = this.keys.mark('mail-link', token).toString('base64');
    if (this.#limiter.take(address, EVENTS_PER_SECOND, 1, performance.now()).outcome === 'limited') return;
    const { traits, externalIds, ...ids } = person;
    const item = {
      ...ids,
      event: kind === 'open' ? 'Email Opened' : 'Email Link Clicked',
      channel: 'email',
      properties: { ...properties, ...(url === undefined ? {} : { link_url: url }) },
      context: {
        ...(traits === undefined ? {} : { traits }),
        ...(externalIds === undefined ? {} : { externalIds }),
        ...(campaign === undefined ? {} : { campaign }),
      },
    };
    try {
      // Whoever opens a mail proves little: what a link says of its person counts as said by a client.
      const holder = { source: { ...source, trust: 'client' as const, rateLimit: null }, keyId: name };
      const { outcome } = await this.intake.take(holder, {
        items: [item],
        call: 'track',
        receivedAt,
        strict: false,
        bytes: JSON.stringify(item).length,
        client: clientOf(http),
      });
      if (outcome !== 'stored') this.intake.monitor.linkLost();
    } catch {
      this.intake.monitor.linkLost();
    }
  }
}
