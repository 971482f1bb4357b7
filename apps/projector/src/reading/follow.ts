import type { EventLog } from '#event-log';
import { openPostgresStateStores } from '#state-store';
import type { Board } from '../board/board.ts';
import { openSharedBoard } from '../state-engines.ts';
import { FollowedProjections } from './followed-projections.ts';
import type { FollowedParts } from './followed-projections.ts';

/** Projections that another process runs, and the board on which it takes orders. */
export interface Followed {
  readonly board: Board;
  readonly projections: FollowedProjections;
  close(): Promise<void>;
}

/** Follows the projections whose state is in PostgreSQL. Throws what that throws; later failures are told. */
export async function followProjections(
  url: string,
  log: EventLog,
  onTrouble: FollowedParts['onTrouble'],
): Promise<Followed> {
  const { board, store } = await openSharedBoard(url);
  const stores = await openPostgresStateStores({ url });
  const projections = new FollowedProjections({
    log,
    board,
    openState: (generation) => stores.open(generation),
    onTrouble,
  });
  return {
    board,
    projections,
    async close() {
      await projections.close();
      await stores.close();
      await store.close();
    },
  };
}
