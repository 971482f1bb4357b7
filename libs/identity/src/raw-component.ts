import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import {
  COMMANDS,
  EVIDENCE,
  isQuarantined,
  LINKS,
  OPERATED,
  RECORDS,
  REFS,
  type CommandRow,
  type EvidenceRow,
  type RefRow,
} from './identity-rows.ts';
import { pagesOf } from './links.ts';

/** Everything that a set of identifiers can reach through evidence and commands. */
export interface RawComponent {
  readonly refs: readonly Ref[];
  /** Evidence that counts, by its key. */
  readonly evidence: ReadonlyMap<string, EvidenceRow>;
  readonly commands: readonly CommandRow[];
}

/**
 * The locality lemma of R6: decisions inside this closure depend on nothing outside. Goes through evidence that
 * counts and through that of `also` (it counted until now); stops at quarantined identifiers, except those of
 * `also`. One batch of reads per collection and level.
 */
export async function loadRawComponent(
  work: UnitOfWork,
  seeds: Iterable<Ref>,
  also: { readonly evidence: ReadonlySet<string>; readonly refs: ReadonlySet<Ref> },
): Promise<RawComponent> {
  const refs = new Set<Ref>(seeds);
  const seen = new Set<string>();
  const evidence = new Map<string, EvidenceRow>();
  const commands = new Map<string, CommandRow>();
  for (let level = [...refs]; level.length > 0;) {
    await work.load(REFS, level);
    const next: Ref[] = [];
    const reach = (ref: Ref) => {
      if (refs.has(ref)) return;
      refs.add(ref);
      next.push(ref);
    };
    const rows = level.map((ref) => [ref, work.get(REFS, ref) as RefRow] as const);
    const open = rows.filter(([ref, row]) => !isQuarantined(row) || also.refs.has(ref));
    for (const [key, row] of await evidenceOf(work, open, seen)) {
      const counts = row.r === undefined || work.get(RECORDS, row.r)?.key === key;
      if (counts) evidence.set(key, row);
      if (counts || also.evidence.has(key)) for (const [ref] of row.m) reach(ref);
    }
    for (const row of await commandsOf(work, rows)) {
      if (commands.has(row.command.eventId)) continue;
      commands.set(row.command.eventId, row);
      if (row.undone === true) continue;
      if (row.command.kind === 'force_merge') row.command.refs.forEach(reach);
      if (row.command.kind === 'forbid') [row.command.a, row.command.b].forEach(reach);
    }
    level = next;
  }
  return { refs: [...refs], evidence, commands: [...commands.values()] };
}

async function evidenceOf(
  work: UnitOfWork,
  rows: readonly (readonly [Ref, RefRow])[],
  seen: Set<string>,
): Promise<(readonly [string, EvidenceRow])[]> {
  const pages = rows.flatMap(([ref, row]) => pagesOf(ref, row));
  await work.load(LINKS, pages);
  const keys = new Set<string>();
  const note = (key: string) => {
    if (!seen.has(key)) keys.add(key);
    seen.add(key);
  };
  for (const [, row] of rows) row.first?.forEach(note);
  for (const page of pages) work.get(LINKS, page)?.forEach(note);
  await work.load(EVIDENCE, keys);
  const found = [...keys].map((key) => [key, work.get(EVIDENCE, key) as EvidenceRow] as const);
  await work.load(
    RECORDS,
    found.flatMap(([, { r }]) => r ?? []),
  );
  return found;
}

async function commandsOf(
  work: UnitOfWork,
  rows: readonly (readonly [Ref, RefRow])[],
): Promise<CommandRow[]> {
  const operated = rows.filter(([, row]) => row.operated === true).map(([ref]) => ref);
  if (operated.length === 0) return [];
  await work.load(OPERATED, operated);
  const ids = operated.flatMap((ref) => work.get(OPERATED, ref) ?? []);
  await work.load(COMMANDS, ids);
  return ids.map((id) => work.get(COMMANDS, id) as CommandRow);
}
