import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { UnitOfWork, type StateKey } from '#state-store';
import type { AccountInput } from '../account-input.ts';
import { accountOf, membershipOf, type Account, type AccountMembership } from '../account.ts';
import { foldAccount, loadAccounts } from '../fold-account.ts';

/** The workspace of every input that does not name another. */
export const WORKSPACE = 'default' as Workspace;

/** A group call of the anchor `1` for `acme` at 1970-01-01T00:00:01Z, with whatever a spec wants otherwise. */
export function input(over: Partial<AccountInput> & { readonly place?: number } = {}): AccountInput {
  const { place = 1, ...rest } = over;
  return {
    workspace: WORKSPACE,
    accountId: 'acme',
    source: 'web' as SourceName,
    sourceRank: 0,
    eventId: `event-${place}` as EventId,
    position: BigInt(place) as Position,
    at: 1_000,
    index: 0,
    anchor: '1' as Ref,
    traits: undefined,
    ...rest,
  };
}

/** Rows in memory, as the state store would keep them: bytes. */
export class MemoryRows {
  readonly rows = new Map<string, Buffer>();

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    return keys.map(({ collection, key }) => this.rows.get(`${collection} ${key}`) ?? null);
  }

  commit(work: UnitOfWork): void {
    for (const { collection, key, value } of work.writes()) {
      if (value === null) this.rows.delete(`${collection} ${key}`);
      else this.rows.set(`${collection} ${key}`, Buffer.from(value));
    }
  }
}

/** Folds block after block, each through the rows that the one before committed. */
export async function storeOf(blocks: readonly (readonly AccountInput[])[]): Promise<MemoryRows> {
  const store = new MemoryRows();
  for (const block of blocks) {
    const work = new UnitOfWork(store);
    await loadAccounts(work, block);
    for (const one of block) foldAccount(work, one);
    store.commit(work);
  }
  return store;
}

/** An account, and one anchor's membership in it, out of committed rows. */
export async function readAccount(
  store: Pick<MemoryRows, 'read'>,
  { workspace = WORKSPACE, accountId = 'acme', anchor = '1' as Ref }: Partial<AccountInput> = {},
): Promise<{ account: Account | null; membership: AccountMembership | null }> {
  const work = new UnitOfWork(store);
  await loadAccounts(work, [{ workspace, accountId, anchor }]);
  return {
    account: accountOf(work, workspace, accountId),
    membership: anchor === null ? null : membershipOf(work, workspace, accountId, anchor),
  };
}
