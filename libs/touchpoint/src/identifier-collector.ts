import { isDisposableEmail, repairTypedEmail } from '#repair';
import type { Strength } from './envelope.ts';
import { IDENTIFIERS_LIMIT } from './limits.ts';
import { namespaceRules } from './namespaces.ts';
import { normaliseField } from './normalise.ts';
import type { Fault, Identifier, IdentifierReading } from './touchpoint.ts';

/** A guess at what was meant by a field, before the place of what was typed is known. */
interface Guess {
  readonly namespace: string;
  /** Canonical value of what was typed; `undefined` where it is no identifier. */
  readonly typed: string | undefined;
  readonly repair: Exclude<ReturnType<typeof repairTypedEmail>, { readonly outcome: 'keep' }>;
}

/** Gathers the identifiers of one item: normalised, blocked ones left out, each once in the place it was first seen. */
export class IdentifierCollector {
  readonly identifiers: Identifier[] = [];
  readonly faults: Fault[] = [];
  /** What was noticed about values, by namespace: `email_invalid`, `phone_blocked`, `email_corrected`, … */
  readonly marks = new Set<string>();
  readonly #guesses: Guess[] = [];
  #named = false;

  constructor(private readonly reading: IdentifierReading = {}) {}

  /** True once the item has named any identifier, be it blocked or invalid. */
  get named(): boolean {
    return this.#named;
  }

  /** Takes a value as the item has it; blank ones count as not sent. */
  add(namespace: string, raw: unknown, strength: Strength, field: string): void {
    if (raw === undefined || raw === null) return;
    const normalised = normaliseField(namespace, raw, this.reading.country);
    if (normalised.outcome === 'absent') return;
    if (namespace === 'national_id' && this.reading.nationalIds !== true) {
      this.marks.add('national_id_off');
      this.#refuse(field, 'is a national id, which this workspace does not use');
      return;
    }
    switch (normalised.outcome) {
      case 'blocked':
        this.#named = true;
        this.marks.add(`${namespace}_blocked`);
        this.faults.push({
          code: 'identifier_blocked',
          field,
          message: `${field} is on the block list of values that stand for nobody; not used as an identifier`,
        });
        return;
      case 'invalid':
        this.marks.add(`${namespace}_invalid`);
        this.#refuse(field, normalised.why);
        if (namespace === 'email' && typeof raw === 'string') this.#guess(namespace, raw, undefined);
        return;
      case 'valid':
        this.#named = true;
        for (const value of normalised.values) {
          this.#keep(namespace, value, strength, field);
          if (namespace === 'email') this.#guess(namespace, value, value);
        }
    }
  }

  /**
   * Adds the guesses, behind all that was named: a value that was also named is no guess. Each is told of what was
   * typed.
   */
  addGuesses(): void {
    for (const { namespace, typed, repair } of this.#guesses) {
      const { outcome, value, ruleId, rulesetVersion, confidence } = repair;
      const from = typed === undefined ? -1 : this.#indexOf(namespace, typed);
      if (this.#indexOf(namespace, value) !== -1 || this.identifiers.length >= IDENTIFIERS_LIMIT) continue;
      const derived = { from, outcome, ruleId, rulesetVersion, confidence };
      this.identifiers.push({ namespace, value, strength: 0, derived });
    }
  }

  #guess(namespace: string, raw: string, typed: string | undefined): void {
    const repair = repairTypedEmail(raw);
    // Lists of disposable domains hold mistyped ones too: those are told of as what they are.
    if (typed !== undefined && repair.outcome !== 'correction' && isDisposableEmail(typed)) {
      this.marks.add(`${namespace}_disposable`);
    }
    if (repair.outcome === 'keep' || normaliseField(namespace, repair.value).outcome !== 'valid') return;
    this.marks.add(`${namespace}_${repair.outcome === 'correction' ? 'corrected' : 'suggested'}`);
    this.#guesses.push({ namespace, typed, repair });
  }

  #indexOf(namespace: string, value: string): number {
    return this.identifiers.findIndex((held) => held.value === value && held.namespace === namespace);
  }

  /** Notes that a field names an identifier that cannot be one. */
  reject(field: string, why: string): void {
    this.marks.add('identifier_invalid');
    this.#refuse(field, why);
  }

  #refuse(field: string, why: string): void {
    this.#named = true;
    this.faults.push({
      code: 'identifier_invalid',
      field,
      message: `${field} ${why}; not used as an identifier`,
    });
  }

  #keep(namespace: string, value: string, strength: Strength, field: string): void {
    const list = this.identifiers;
    for (let i = 0; i < list.length; i++) {
      const held = list[i] as Identifier;
      if (held.value !== value || held.namespace !== namespace) continue;
      if (held.strength < strength) list[i] = { namespace, value, strength };
      return;
    }
    if (list.length < IDENTIFIERS_LIMIT) list.push({ namespace, value, strength });
    else {
      this.faults.push({
        code: 'too_many_identifiers',
        field,
        message: `${field} is beyond the first ${IDENTIFIERS_LIMIT} identifiers of its item; not used as one`,
        limit: IDENTIFIERS_LIMIT,
      });
    }
  }
}

/**
 * The first namespace of the unique class that the identifiers give more values than one person has (R3);
 * `undefined` if there is none.
 */
export function contradictedNamespace(identifiers: readonly Identifier[]): string | undefined {
  for (let i = 1; i < identifiers.length; i++) {
    const { namespace } = identifiers[i] as Identifier;
    if (namespaceRules(namespace).class !== 'unique') continue;
    for (let j = 0; j < i; j++) if (identifiers[j]?.namespace === namespace) return namespace;
  }
  return undefined;
}

/** Index of the first identifier of the best namespace by priority (R0), never a guess; `-1` if there is none. */
export function anchorIndex(identifiers: readonly Identifier[]): number {
  let anchor = -1;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < identifiers.length; i++) {
    const { namespace, derived } = identifiers[i] as Identifier;
    const { priority } = namespaceRules(namespace);
    if (priority < best && derived === undefined) {
      best = priority;
      anchor = i;
    }
  }
  return anchor;
}
