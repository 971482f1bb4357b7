import { DEFAULT_COUNTRY } from '#repair';
import type { SourceName, Trust, Workspace } from '#kernel';
import type { SignatureScheme, SourceMapping } from '#webhook';

/** What becomes of an event that breaks its schema: it is kept and counted, or refused. */
export type OnViolation = 'keep' | 'refuse';

/** How the webhooks of a source prove where they come from. */
export interface SourceSignature {
  readonly scheme: SignatureScheme;
  /** Base64 of the secret, sealed by the key store; `webhookSecret` opens it. */
  readonly sealedSecret: string;
}

/** What an operator can change of a source. */
export interface SourceSettings {
  /** Events per second that each key may send; `null`: as many as the machine takes. */
  readonly rateLimit: number | null;
  readonly onViolation: OnViolation;
  /** Country of phone numbers without a code, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** How its webhook items are read; `null`: like any JSON. */
  readonly mapping: SourceMapping | null;
  /** `null`: whoever knows the address may send. */
  readonly signature: SourceSignature | null;
}

/** A write key as configuration knows it: never the key itself. */
export interface WriteKey {
  readonly keyId: string;
  /** Base64 of the key store's mark of the key under the purpose `write-key`. */
  readonly mark: string;
  /** Its last four characters, to tell keys apart; empty for a key of the environment. */
  readonly hint: string;
  /** Ms since 1970 UTC; `null`: it comes from the environment. */
  readonly issuedAt: number | null;
  /** The first moment at which it is refused, ms since 1970 UTC; `null`: it has no end. */
  readonly endsAt: number | null;
}

/** A source of touchpoints inside its workspace. */
export interface Source extends SourceSettings {
  readonly workspace: Workspace;
  readonly source: SourceName;
  /** Fixed at creation: it decides what its events prove. */
  readonly trust: Trust;
  /** Every key it ever had, oldest first. */
  readonly keys: readonly WriteKey[];
  /** Ms since 1970 UTC; `null`: it comes from the environment and nobody changed it. */
  readonly createdAt: number | null;
}

/** Settings of a source about which its operator said nothing. */
export const DEFAULT_SETTINGS: SourceSettings = {
  rateLimit: null,
  onViolation: 'keep',
  country: DEFAULT_COUNTRY,
  mapping: null,
  signature: null,
};

/** True if the key is taken at this moment, ms since 1970 UTC. */
export function isInForce({ endsAt }: Pick<WriteKey, 'endsAt'>, now: number): boolean {
  return endsAt === null || now < endsAt;
}
