import type { SourceName, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';

/** A visitor who goes from one site of a company to another. */
export interface Visitor {
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly anonymousId: string;
  /** Ms since 1970 UTC. */
  readonly expiresAt: number;
}

const PURPOSE = 'visitor-handover';
const MAX_TOKEN = 1_024;

/** Seconds that a visitor has for the way: whoever is sent the address later gets nobody's id. */
export const HANDOVER_SECONDS = 120;

/** How many redeemed tokens are remembered; older ones have long expired at any rate a page can make them. */
const REMEMBERED = 100_000;

/**
 * Hands a visitor's device id from one site to another. The token is sealed, so an address tells nobody who goes and
 * nobody can make one for a device of their choice; it is good once and for two minutes.
 */
export class VisitorTokens {
  readonly #redeemed = new Set<string>();

  constructor(
    private readonly keys: KeyStore,
    private readonly now: () => number,
  ) {}

  /** A token for a visitor. */
  issue(visitor: Omit<Visitor, 'expiresAt'>): string {
    const expiresAt = this.now() + HANDOVER_SECONDS * 1_000;
    return this.keys
      .seal(PURPOSE, Buffer.from(JSON.stringify({ ...visitor, expiresAt })))
      .toString('base64url');
  }

  /** The visitor of a token, once; `undefined` for one that is forged, too old or used, or of another workspace. */
  redeem(token: string, workspace: Workspace): Visitor | undefined {
    if (token.length > MAX_TOKEN || this.#redeemed.has(token)) return undefined;
    const plain = this.keys.open(PURPOSE, Buffer.from(token, 'base64url'));
    if (plain === undefined) return undefined;
    const visitor = JSON.parse(plain.toString('utf8')) as Visitor;
    if (visitor.workspace !== workspace || visitor.expiresAt < this.now()) return undefined;
    if (this.#redeemed.size >= REMEMBERED)
      this.#redeemed.delete(this.#redeemed.keys().next().value as string);
    this.#redeemed.add(token);
    return visitor;
  }
}
