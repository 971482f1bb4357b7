import type { Correction } from '#correction';
import { displayTraits } from '#profile';
import type { Profile, ProfileIdentifier, Trait, TraitDisplay } from '#profile';
import { emailFacts, maskNationalId, readPhones } from '#repair';

/** A trait, beside it what is shown of it where it is a name, a city or a birth date. */
export type ShownTrait = Trait & Partial<TraitDisplay>;

/** An identifier with what it tells beside whom it reaches. */
export type ShownIdentifier = ProfileIdentifier & {
  /** `disposable`, `role`, `free_provider`, `unlisted_suffix` of an address; type and country of a number. */
  readonly facts?: readonly string[];
};

/** A person as the API shows them. */
export interface ShownProfile extends Omit<Profile, 'traits' | 'identifiers'> {
  readonly traits: Readonly<Record<string, ShownTrait>>;
  readonly identifiers: readonly ShownIdentifier[];
  /** Guesses at what identifiers were meant to be, with their status. No address to write to. Absent in the past. */
  readonly corrections?: readonly Correction[];
}

/**
 * A profile with what is shown of it. What was said stands unchanged beside it. `corrections` are those of now;
 * `undefined` for a profile of the past.
 */
export function profileView(profile: Profile, corrections: readonly Correction[] | undefined): ShownProfile {
  const displays = new Map(Object.entries(displayTraits(profile.traits)));
  const traits = Object.entries(profile.traits).map(([name, trait]): [string, ShownTrait] => [
    name,
    { ...trait, ...displays.get(name) },
  ]);
  const city = displays.get('address.city');
  return {
    ...profile,
    traits: Object.fromEntries(
      traits.map(([name, trait]) => [name, name === 'address' && city ? { ...trait, ...city } : trait]),
    ),
    identifiers: profile.identifiers.map(identifierView),
    ...(corrections === undefined ? {} : { corrections }),
  };
}

function identifierView(identifier: ProfileIdentifier): ShownIdentifier {
  const { namespace, value } = identifier;
  if (namespace === 'national_id') return { ...identifier, value: maskNationalId(value) };
  if (namespace === 'email') {
    const { disposable, role, freeProvider, listedSuffix } = emailFacts(value);
    const facts = [
      ...(disposable ? ['disposable'] : []),
      ...(role ? ['role'] : []),
      ...(freeProvider ? ['free_provider'] : []),
      ...(listedSuffix ? [] : ['unlisted_suffix']),
    ];
    return { ...identifier, facts };
  }
  if (namespace !== 'phone') return identifier;
  const [number] = readPhones(value);
  if (number?.outcome !== 'valid') return identifier;
  return { ...identifier, facts: [number.type, ...(number.country === null ? [] : [number.country])] };
}
