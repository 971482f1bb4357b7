import { foldTraits } from '#profile';
import type { UnitOfWork } from '#state-store';
import type { AccountInput } from './account-input.ts';
import { accountKey, ACCOUNTS, memberKey, MEMBERS, type AccountRow, type MemberRow } from './account-rows.ts';

/** Loads what `foldAccount`, `accountOf` and `membershipOf` read of these inputs. */
export async function loadAccounts(
  work: UnitOfWork,
  inputs: Iterable<Pick<AccountInput, 'workspace' | 'accountId' | 'anchor'>>,
): Promise<void> {
  const all = [...inputs];
  await work.load(
    ACCOUNTS,
    all.map(({ workspace, accountId }) => accountKey(workspace, accountId)),
  );
  await work.load(
    MEMBERS,
    all.flatMap(({ workspace, accountId, anchor }) =>
      anchor === null ? [] : [memberKey(anchor, workspace, accountId)],
    ),
  );
}

/**
 * Folds one group call into its account's row and, if it belongs to somebody, into their membership. Neither order nor
 * repetition matters while the account has room for its traits. Throws `RowNotLoaded` for what `loadAccounts` did not
 * load.
 */
export function foldAccount(work: UnitOfWork, input: AccountInput): void {
  const { workspace, accountId, anchor } = input;
  const key = accountKey(workspace, accountId);
  work.set(ACCOUNTS, key, foldRow(work.get(ACCOUNTS, key), input));
  if (anchor === null) return;
  const member = memberKey(anchor, workspace, accountId);
  const row = work.get(MEMBERS, member);
  const next = foldMember(row, input);
  if (next !== row) work.set(MEMBERS, member, next);
}

function foldRow(row: AccountRow | undefined, input: AccountInput): AccountRow {
  const { at, traits } = input;
  const known: AccountRow = row ?? { first: at, last: at, traits: {}, dropped: 0 };
  return {
    ...known,
    first: Math.min(known.first, at),
    last: Math.max(known.last, at),
    ...(traits === undefined ? {} : foldTraits(known, traits, input)),
  };
}

function foldMember(
  row: MemberRow | undefined,
  { workspace, accountId, at, position, source }: AccountInput,
): MemberRow {
  const word: MemberRow = {
    workspace,
    accountId,
    first: at,
    firstPosition: position.toString(),
    last: at,
    source,
  };
  if (row === undefined) return word;
  if (at < row.first || (at === row.first && position < BigInt(row.firstPosition))) {
    return { ...word, last: Math.max(at, row.last) };
  }
  return at > row.last ? { ...row, last: at } : row;
}
