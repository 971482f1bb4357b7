import { cleanCity, cleanName, readBirthDate } from '#repair';

/** A trait made ready for the eye. The raw value stays beside it. */
export interface TraitDisplay {
  /** `null` where the raw value says nothing: a placeholder, the default of a form, no name at all. */
  readonly display: string | null;
  /** Titles that stood in front of a name; absent where there were none. */
  readonly title?: string;
  /** For comparing names and cities; never an identifier. */
  readonly matchKey?: string;
  /** Why there is nothing to show. */
  readonly remark?: 'placeholder' | 'default' | 'invalid';
}

const NAMES: ReadonlySet<string> = new Set([
  ...[
    'name',
    'fullname',
    'firstname',
    'lastname',
    'middlename',
    'surname',
    'givenname',
    'familyname',
    'displayname',
  ],
  ...['ad', 'adi', 'isim', 'soyad', 'soyadi', 'soyisim', 'adsoyad', 'adisoyadi'],
]);
const CITIES: ReadonlySet<string> = new Set([
  ...['city', 'town', 'province', 'district', 'sehir', 'şehir', 'il', 'ilce', 'ilçe', 'addresscity'],
]);
const BIRTH_DATES: ReadonlySet<string> = new Set([
  ...['birthday', 'birthdate', 'dateofbirth', 'dob', 'dogumtarihi', 'doğumtarihi', 'dogumgunu', 'doğumgünü'],
]);

/**
 * Cleans a trait for display by what its name says it is: names, cities and birth dates; `undefined` for everything
 * else. `at`: event time, ISO 8601, after which nobody was born.
 */
export function traitDisplay(name: string, value: unknown, at: string): TraitDisplay | undefined {
  if (typeof value !== 'string') return undefined;
  const kind = name.toLowerCase().replace(/[\s_.-]/g, '');
  if (NAMES.has(kind)) {
    const clean = cleanName(value);
    if (clean.outcome !== 'name') return { display: null, remark: clean.outcome };
    const { display, title, matchKey } = clean;
    return { display, matchKey, ...(title === '' ? {} : { title }) };
  }
  if (CITIES.has(kind)) {
    const clean = cleanCity(value);
    if (clean.outcome !== 'city') return { display: null, remark: clean.outcome };
    return { display: clean.display, matchKey: clean.matchKey };
  }
  if (!BIRTH_DATES.has(kind)) return undefined;
  const date = readBirthDate(value, at.slice(0, 10));
  return date.outcome === 'date' ? { display: date.value } : { display: null, remark: date.outcome };
}

/** What is shown of the traits of a person, by name; an address by its city. Empty where nothing is cleaned. */
export function displayTraits(
  traits: Readonly<Record<string, { readonly value: unknown; readonly at: string }>>,
): Readonly<Record<string, TraitDisplay>> {
  const shown: [string, TraitDisplay][] = [];
  for (const [name, { value, at }] of Object.entries(traits)) {
    const own = traitDisplay(name, value, at);
    if (own !== undefined) shown.push([name, own]);
    if (name !== 'address' || typeof value !== 'object' || value === null) continue;
    const city = traitDisplay('city', (value as { readonly city?: unknown }).city, at);
    if (city !== undefined) shown.push(['address.city', city]);
  }
  return Object.fromEntries(shown);
}
