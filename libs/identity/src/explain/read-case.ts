import type { Ref } from '#kernel';
import { UnitOfWork, type StateStore } from '#state-store';
import { namedIn } from '../fold-command.ts';
import { EVIDENCE, isQuarantined, RECORDS, REFS, type EvidenceRow, type RefRow } from '../identity-rows.ts';
import { loadRawComponent } from '../raw-component.ts';
import type { IdentityRules } from '../rules.ts';
import { caseOf, type Case } from './case.ts';

/** Reads everything that decides about some identifiers, which must have been seen, and decides it again. */
export async function readCase(
  store: StateStore,
  rules: IdentityRules,
  seeds: readonly Ref[],
): Promise<Case> {
  // One that lives for this call only: a kept one would not see what the runner commits.
  const work = new UnitOfWork(store);
  const raw = await loadRawComponent(work, seeds, { evidence: new Set(), refs: new Set() });
  const aside = await asideOf(work, seeds);
  await work.load(
    REFS,
    raw.commands.flatMap(({ command }) => namedIn(command)),
  );
  return caseOf(raw, aside, (ref) => work.get(REFS, ref) as RefRow, rules);
}

/** The first things said of quarantined identifiers: what the raw component stops at. */
async function asideOf(work: UnitOfWork, seeds: readonly Ref[]): Promise<EvidenceRow[]> {
  const rows = seeds.map((ref) => work.get(REFS, ref) as RefRow).filter(isQuarantined);
  const keys = rows.flatMap(({ first }) => first ?? []);
  await work.load(EVIDENCE, keys);
  const found = keys.map((key) => [key, work.get(EVIDENCE, key) as EvidenceRow] as const);
  await work.load(
    RECORDS,
    found.flatMap(([, { r }]) => r ?? []),
  );
  const standing = found.filter(([key, { r }]) => r === undefined || work.get(RECORDS, r)?.key === key);
  await work.load(
    REFS,
    standing.flatMap(([, { m }]) => m.map(([ref]) => ref)),
  );
  return standing.map(([, row]) => row);
}
