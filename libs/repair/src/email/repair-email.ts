import { narrowed } from '../full-width.ts';
import { RULESET_VERSION } from '../ruleset.ts';
import { foldTurkish } from '../turkish.ts';
import { normaliseEmail } from './email-address.ts';
import { isProvider, ONLY_PROVIDERS } from './providers.ts';
import { meantDomain } from './repair-domain.ts';
import type { MeantDomain } from './repair-domain.ts';

/** What an address may have been meant to be. Never more than a guess: the typed one stays what was said. */
export type EmailRepair =
  | {
      /** `correction`: a curated rule knows it, to be confirmed. `suggestion`: for people to judge. */
      readonly outcome: 'correction' | 'suggestion';
      /** Canonical address. Personal data. */
      readonly value: string;
      /** Rules that fired, joined by `+`, such as `tld.typo:con`. Holds no part of the address but a listed one. */
      readonly ruleId: string;
      readonly rulesetVersion: number;
      /** From 0 to 1, an author's estimate. */
      readonly confidence: number;
    }
  /** It is taken as it is. */
  | { readonly outcome: 'keep' };

const KEEP = { outcome: 'keep' } as const;
const ASCII = /^[\x21-\x7e]+$/;
const LOCAL_FOLD = 'local.turkish-fold';

/**
 * The third act on an e-mail address, after validation and canonical form: guesses what a canonical address was meant
 * to be. Pure; repairing a correction again corrects nothing.
 */
export function repairEmail(canonical: string): EmailRepair {
  const at = canonical.lastIndexOf('@');
  const domain = canonical.slice(at + 1);
  return repaired(canonical.slice(0, at), domain, meantDomain(domain));
}

function repaired(local: string, domain: string, meant: MeantDomain | undefined): EmailRepair {
  const fold = foldedLocal(local);
  const onto = meant?.domain ?? domain;
  // Nobody can have such an address there; elsewhere (SMTPUTF8) somebody could.
  if (fold !== undefined && isProvider(onto)) {
    return guess(fold, onto, meant?.outcome ?? 'correction', [meant?.ruleId, LOCAL_FOLD], meant?.confidence);
  }
  if (meant !== undefined) return guess(local, onto, meant.outcome, [meant.ruleId], meant.confidence);
  return fold === undefined ? KEEP : guess(fold, onto, 'suggestion', [LOCAL_FOLD], 0.4);
}

function guess(
  local: string,
  domain: string,
  outcome: 'correction' | 'suggestion',
  rules: readonly (string | undefined)[],
  confidence = 0.95,
): EmailRepair {
  const value = normaliseEmail(`${local}@${domain}`);
  if (value === undefined) return KEEP;
  const ruleId = rules.filter((rule) => rule !== undefined).join('+');
  return { outcome, value, ruleId, rulesetVersion: RULESET_VERSION, confidence };
}

/** The local part without the letters of Turkish; `undefined` where it has none, or others beside them. */
function foldedLocal(local: string): string | undefined {
  if (ASCII.test(local)) return undefined;
  const folded = foldTurkish(local);
  return ASCII.test(folded) ? folded : undefined;
}

/** The repair of an address as it was typed, whether it is one or not. */
export function repairTypedEmail(typed: string): EmailRepair {
  const canonical = normaliseEmail(typed);
  return canonical === undefined ? suggestEmail(typed) : repairEmail(canonical);
}

const LONGEST_TYPED = 320;
const AT_IN_WORDS = /\s*[[({]\s*(?:at|et)\s*[\])}]\s*/i;
const BLANK_AT_JOINT = /\s*([@.])\s*/g;
const DOT_IN_WORDS = /\s*[[({]\s*(?:dot|nokta)\s*[\])}]\s*/gi;
const NAMED = /^[^<>]*<([^<>]+)>\s*$/;
const QUERY = /\?.*$/s;
const AROUND = /^[\s("'.]+|[\s)!/"'.]+$/g;
const QUOTED = /^(mailto:)?"([^"]+)"@/i;

/**
 * What typed text that is no e-mail address may have been meant to be: without a dot or an ending (`ali@gmail`), with
 * blanks, commas or a joint twice, with a name or brackets around it. Suggestions, but for a listed ending that is too
 * short for a domain (`.com.t`).
 */
function suggestEmail(typed: string): EmailRepair {
  if (typed.length > LONGEST_TYPED) return KEEP;
  const joined = narrowed(typed)
    .trim()
    .replace(NAMED, '$1')
    .replace(QUOTED, '$2@')
    .replace(QUERY, '')
    .replace(AT_IN_WORDS, '@')
    .replace(DOT_IN_WORDS, '.')
    .replace(BLANK_AT_JOINT, '$1')
    .replaceAll(',', '.')
    .replace(/@{2,}/g, '@')
    .replace(/\.{2,}/g, '.')
    .replace(/\.@/g, '@')
    .replace(/@\./g, '@')
    .replace(AROUND, '');
  const at = joined.indexOf('@');
  const ending = meantDomain(joined.slice(at + 1).toLowerCase());
  if (at > 0 && joined === typed.trim() && ending !== undefined && joined.includes('.', at)) {
    const whole = repaired(joined.slice(0, at), ending.domain, ending);
    if (whole.outcome !== 'keep') return whole;
  }
  for (const [text, ruleId] of [
    [joined, 'address.joints'],
    [withEnding(joined), 'tld.missing'],
  ] as const) {
    const value = text === undefined ? undefined : normaliseEmail(text);
    if (value === undefined) continue;
    const further = repairEmail(value);
    const meant = further.outcome === 'keep' ? value : further.value;
    const rules = further.outcome === 'keep' ? ruleId : `${ruleId}+${further.ruleId}`;
    return {
      outcome: 'suggestion',
      value: meant,
      ruleId: rules,
      rulesetVersion: RULESET_VERSION,
      confidence: 0.6,
    };
  }
  return KEEP;
}

/** `ali@gmail` and `ali@gmailcom` with the ending of the provider. */
function withEnding(text: string): string | undefined {
  const at = text.indexOf('@');
  const domain = foldTurkish(text.slice(at + 1).replace(/[>"';\s]+$/, ''));
  if (at < 1 || domain === '' || /[.@]/.test(domain)) return undefined;
  const name = domain.endsWith('com') ? domain.slice(0, -3) : domain;
  const meant = meantDomain(`${name}.com`);
  const full = meant?.domain ?? `${name}.com`;
  const known = ONLY_PROVIDERS.has(full.slice(0, full.indexOf('.')));
  return known ? `${text.slice(0, at)}@${full}` : undefined;
}
