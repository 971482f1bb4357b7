import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { EVIDENCE, LINKS, type EvidenceRow, type RefRow } from './identity-rows.ts';

/** Evidence keys kept in the identifier's own row: a second row for each would double what most of them cost. */
const FIRST = 8;

/** Evidence keys in one further row: a flooded identifier's new link rewrites one page, not all of them. */
const PAGE = 64;

/** Key of the page that the next link of an identifier goes to; `undefined` while its own row takes it. */
export function nextPage(ref: Ref, row: RefRow | undefined): string | undefined {
  const links = row?.links ?? 0;
  return links < FIRST ? undefined : pageKey(ref, Math.floor((links - FIRST) / PAGE));
}

/** Appends a link and answers the identifier's row that counts it; its page, if any, must be loaded. */
export function appendLink(work: UnitOfWork, ref: Ref, row: RefRow, key: string): RefRow {
  const links = (row.links ?? 0) + 1;
  const page = nextPage(ref, row);
  if (page === undefined) return { ...row, first: [...(row.first ?? []), key], links };
  work.set(LINKS, page, [...(work.get(LINKS, page) ?? []), key]);
  return { ...row, links };
}

/** Keys of all pages of an identifier. */
export function pagesOf(ref: Ref, { links = 0 }: RefRow): string[] {
  if (links <= FIRST) return [];
  return Array.from({ length: Math.ceil((links - FIRST) / PAGE) }, (_, page) => pageKey(ref, page));
}

/** Has what was said of an identifier weighed again when it is said again. Its row must be loaded. */
export async function distrustEvidence(work: UnitOfWork, ref: Ref, row: RefRow): Promise<void> {
  const pages = pagesOf(ref, row);
  await work.load(LINKS, pages);
  const keys = [...(row.first ?? []), ...pages.flatMap((page) => work.get(LINKS, page) ?? [])];
  await work.load(EVIDENCE, keys);
  for (const key of keys) {
    const evidence = work.get(EVIDENCE, key) as EvidenceRow;
    if (evidence.again !== true) work.set(EVIDENCE, key, { ...evidence, again: true });
  }
}

function pageKey(ref: Ref, page: number): string {
  return `${ref}.${page}`;
}
