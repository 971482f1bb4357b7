import type { Strength } from './envelope.ts';
import { IDENTIFIERS_LIMIT } from './limits.ts';
import { namespaceRules } from './namespaces.ts';
import { normaliseIdentifier } from './normalise.ts';
import type { Fault, Identifier } from './touchpoint.ts';

/** Gathers the identifiers of one item: normalised, blocked ones left out, each once in the place it was first seen. */
export class IdentifierCollector {
  readonly identifiers: Identifier[] = [];
  readonly faults: Fault[] = [];
  #named = false;

  /** True once the item has named any identifier, be it blocked or invalid. */
  get named(): boolean {
    return this.#named;
  }

  /** Takes a value as the item has it; blank ones count as not sent. */
  add(namespace: string, raw: unknown, strength: Strength, field: string): void {
    if (raw === undefined || raw === null) return;
    const normalised = normaliseIdentifier(namespace, raw);
    switch (normalised.outcome) {
      case 'absent':
        return;
      case 'blocked':
        this.#named = true;
        this.faults.push({
          code: 'identifier_blocked',
          field,
          message: `${field} is on the block list of values that stand for nobody; not used as an identifier`,
        });
        return;
      case 'invalid':
        this.reject(field, normalised.why);
        return;
      case 'valid':
        this.#named = true;
        this.#keep(namespace, normalised.value, strength, field);
    }
  }

  /** Notes that a field names an identifier that cannot be one. */
  reject(field: string, why: string): void {
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

/** Index of the first identifier of the best namespace by priority (R0); `-1` for an empty list. */
export function anchorIndex(identifiers: readonly Identifier[]): number {
  let anchor = -1;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < identifiers.length; i++) {
    const { priority } = namespaceRules((identifiers[i] as Identifier).namespace);
    if (priority < best) {
      best = priority;
      anchor = i;
    }
  }
  return anchor;
}
