import { judgeRuleChanges, MAX_BLOCKED } from '#identity';
import type { RuleChanges, RuleProblem } from '#identity';
import type { Ref, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { normaliseIdentifier } from '#touchpoint';
import { problem } from './access.ts';

type Blocked = { readonly ref: Ref } | { readonly namespace: string; readonly value: string };

/**
 * Rules as a body names them: like `RuleChanges`, but with the values of blocked identifiers, which become refs here.
 * One that was never seen gets its ref now. Answers 400 naming each field, 404 for an erased identifier.
 */
export async function readGivenRules(
  keys: KeyStore,
  workspace: Workspace,
  given: Readonly<Record<string, unknown>>,
): Promise<RuleChanges> {
  const problems: RuleProblem[] = [];
  const { blocked: listed, ...rest } = given;
  const blocked = listed === undefined ? [] : readBlocked(listed, problems);
  const judgement = judgeRuleChanges(rest);
  if (judgement.outcome === 'invalid') problems.unshift(...judgement.problems);
  if (judgement.outcome === 'invalid' || problems.length > 0)
    throw problem(400, 'the body has fields that cannot be taken', { errors: problems });
  if (blocked.length === 0) return judgement.changes;
  return { ...judgement.changes, blocked: await refsOf(keys, workspace, blocked) };
}

function readBlocked(listed: unknown, problems: RuleProblem[]): Blocked[] {
  const field = 'changes.blocked';
  if (!Array.isArray(listed)) {
    problems.push({ field, message: 'must be an array' });
    return [];
  }
  if (listed.length > MAX_BLOCKED) {
    problems.push({ field, message: `has more than ${MAX_BLOCKED} identifiers`, limit: MAX_BLOCKED });
    return [];
  }
  return listed.flatMap((item: unknown, i) => {
    const read = readIdentifier(item);
    if (typeof read !== 'string') return read;
    problems.push({ field: `${field}[${i}]`, message: read });
    return [];
  });
}

/** What an item names, or what is wrong with it. */
function readIdentifier(item: unknown): Blocked | string {
  const { namespace, value, anchor } = (item ?? {}) as Partial<Record<string, unknown>>;
  if (typeof anchor === 'string')
    return /^[1-9]\d{0,18}$/.test(anchor)
      ? { ref: anchor as Ref }
      : 'has an anchor that is no decimal number';
  if (typeof namespace !== 'string' || typeof value !== 'string')
    return 'needs namespace and value, or anchor';
  const normalised = normaliseIdentifier(namespace, value);
  if (normalised.outcome !== 'valid') return 'has a value that is never an identifier of its namespace';
  return { namespace, value: normalised.value };
}

async function refsOf(keys: KeyStore, workspace: Workspace, blocked: readonly Blocked[]): Promise<Ref[]> {
  const named = blocked.flatMap((one) => ('ref' in one ? [] : [one]));
  const requests = named.map((one) => ({ workspace, identifiers: [one], anchor: 0 }));
  const resolved = requests.length === 0 ? [] : await keys.resolve(requests);
  let next = 0;
  const refs = blocked.map((one, i) => {
    if ('ref' in one) return one.ref;
    const resolution = resolved[next++];
    if (resolution?.outcome !== 'resolved')
      throw problem(404, `the identifier changes.blocked[${i}] belongs to an erased person`);
    return resolution.anchorRef;
  });
  return [...new Set(refs)];
}
