import type { Told, ToldIdentifier, ToldLink, ToldProfile, ToldRefusal, ToldRelation } from './told.types.ts';
import { wordsOf } from './words/words-of.ts';
import type { LanguageCode, Words } from './words/words.ts';

/** Refused links that a text tells; a telephone of a call centre has thousands. */
const REFUSED_TOLD = 50;

/** An explanation as sentences that whoever answers a customer understands. Plain text, a line feed at its end. */
export function sentencesOf(told: Told, language: LanguageCode): string {
  const words = wordsOf(language);
  const blocks = told.relation === undefined ? [] : relationLines(told.relation, words);
  for (const profile of told.profiles) blocks.push(...profileLines(profile, words));
  blocks.push([words.rules(told.rulesVersion)]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function relationLines(relation: ToldRelation, words: Words): string[][] {
  const [a, b] = [words.identifier(relation.from), words.identifier(relation.to)];
  switch (relation.outcome) {
    case 'strangers':
      return [[words.strangers(a, b)]];
    case 'refused':
      return [
        [
          words.apart(a, b),
          ...relation.refused.slice(0, REFUSED_TOLD).map((one) => `- ${refusedLine(one, words)}`),
        ],
      ];
    case 'together': {
      const { path, undoing } = relation;
      if (path.length === 0) return [[words.together(a, b)]];
      const undone = [
        ...undoing.links.map((link) => undoLine(link, words)),
        ...undoing.orders.map(({ commandId }) => words.takeBack(commandId)),
      ];
      return [
        [words.together(a, b), words.path, ...path.map((link, i) => `${i + 1}. ${heldLine(link, words)}`)],
        [words.undoing, ...undone.map((line) => `- ${line}`), words.instead(splitCommand(relation))],
      ];
    }
  }
}

function undoLine({ from, to, sayings }: ToldLink, words: Words): string {
  const ends = `${words.identifier(from)}, ${words.identifier(to)}`;
  const occasions = sayings.map((saying) => words.occasion(saying)).join('; ');
  return `${words.undo(ends)} (${words.sayings(sayings.length)}: ${occasions})`;
}

function splitCommand({ from, to }: ToldRelation): string {
  const named = ({ namespace, value, anchor }: ToldIdentifier) =>
    value === undefined ? anchor : `${namespace}=${value}`;
  return `temas identity split ${named(from)} ${named(to)} --reason "…"`;
}

function profileLines(profile: ToldProfile, words: Words): string[][] {
  const { id, identifiers, links, refused, orders } = profile;
  const joining = links.filter(({ joins }) => joins);
  const again = links.length - joining.length;
  const alone = identifiers.flatMap((one) => {
    const why = one.quarantined ? 'quarantined' : one.shared ? 'shared' : undefined;
    return why === undefined ? [] : [words.alone(words.identifier(one), why)];
  });
  const blocks = [
    [words.person(id, identifiers.length), ...identifiers.map((one) => `- ${words.identifier(one)}`)],
    [...joining.map((link) => heldLine(link, words)), ...(again === 0 ? [] : [words.again(again)]), ...alone],
  ];
  if (refused.length > 0) {
    const shown = refused.slice(0, REFUSED_TOLD).map((one) => `- ${refusedLine(one, words)}`);
    const more = refused.length > REFUSED_TOLD ? [words.andMore(refused.length - REFUSED_TOLD)] : [];
    blocks.push([words.refusedTitle, ...shown, ...more]);
  }
  if (orders.length > 0) {
    const lines = orders.map((order) => {
      const named = order.identifiers.map((one) => words.identifier(one)).join(', ');
      return `- ${words.order(order, named)}`;
    });
    blocks.push([words.ordersTitle, ...lines]);
  }
  return blocks.filter((lines) => lines.length > 0);
}

function heldLine({ from, to, sayings: [first], order, rule }: ToldLink, words: Words): string {
  const [a, b] = [words.identifier(from), words.identifier(to)];
  if (first === undefined) return words.heldByOrder(a, b, order ?? '');
  return words.held(a, b, words.occasion(first), words.strength(first), rule);
}

function refusedLine(refusal: ToldRefusal, words: Words): string {
  const [a, b] = [words.identifier(refusal.from), words.identifier(refusal.to)];
  return words.refused(a, b, words.whyRefused(refusal), words.occasion(refusal.saying), refusal.rule);
}
