/** Table functions that read no table, file or network. */
const TABLE_FUNCTIONS = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'generate_series',
  'generateseries',
  'primes',
  'values',
  'sqlstandardvalues',
  'null',
  'view',
  // A function of that name is harmless too; the table function the engine refuses by itself.
  'format',
]);

/**
 * Functions that reach past the reader's database: files (`file` reads any file even where `readonly` is set),
 * other tables by their name in a string, models, the network, the server itself. Lower case.
 */
const FUNCTIONS = new RegExp(
  `^(${[
    'file',
    'filesystem.*',
    'dict(get|has|isin).*',
    'joinget(ornull)?',
    'hascolumnintable',
    'catboostevaluate',
    'modelevaluate',
    'evalmlmethod',
    'naivebayes(?!ngrams).*',
    'region(to.*|in|hierarchy)',
    'ai(classify|extract|generate|translate|embed).*',
    'get(server.*|macro|mergetreesetting|maxtablename.*|clienthttpheader|oskernelversion)',
    'host_?name',
    'fqdn',
    'fullhostname',
    'serveruuid',
    'tcpport',
    'showcertificate',
    'addressto.*',
    'demangle',
    'logtrace',
    'tid',
    'fuzzquery',
    'generateserialid',
    'zookeeper.*',
    'transaction(id|latestsnapshot|oldestsnapshot)',
    'mergetreepartinfo',
    'ismergetreepartcoveredby',
    'flamegraph',
    '__.*',
  ].join('|')})$`,
);

/** Families of functions that are refused whole, so that a newer engine's members of them are too. */
const FAMILIES = /\b(Introspection|Dictionary|Embedded Dictionary|AI)\b/;

/** A function as the engine's own catalogue lists it. */
export interface ListedFunction {
  readonly name: string;
  readonly alias_to: string;
  readonly origin: string;
  readonly categories: string;
}

/** Names of an engine's functions that readers may not use, lower case: user-defined ones may run programs. */
export function forbiddenFunctions(listed: readonly ListedFunction[]): ReadonlySet<string> {
  const refused = listed.filter(
    ({ name, alias_to, origin, categories }) =>
      isForbiddenFunction(name) ||
      isForbiddenFunction(alias_to) ||
      origin !== 'System' ||
      FAMILIES.test(categories),
  );
  return new Set(refused.map(({ name }) => name.toLowerCase()));
}

/** True for a name that is refused whether the engine lists it or not. */
export function isForbiddenFunction(name: string): boolean {
  return FUNCTIONS.test(name.toLowerCase());
}

/** Of an engine's table functions those that readers may not use, lower case. */
export function forbiddenTableFunctions(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()).filter((name) => !TABLE_FUNCTIONS.has(name)));
}
