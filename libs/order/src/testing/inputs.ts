import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { UnitOfWork, type StateKey } from '#state-store';
import type { Envelope, SealedBody } from '#touchpoint';
import { foldOrder, loadOrders } from '../fold-order.ts';
import { orderInputOf, type OrderInput } from '../order-input.ts';
import { orderOf, type Order } from '../order.ts';

/** The workspace of every input that does not name another. */
export const WORKSPACE = 'default' as Workspace;

/** How a spec wants a touchpoint. */
export interface Wanted {
  /** Position, event id and, unless told, event time in seconds. */
  readonly place?: number;
  readonly at?: number;
  readonly workspace?: string;
  readonly source?: string;
  readonly kind?: Envelope['kind'];
  /** Namespace and ref; `null`: unattributed. */
  readonly anchor?: readonly [ns: string, ref: string] | null;
}

/** Reads a track call as the fold would get it. */
export function read(
  event: string,
  properties?: Readonly<Record<string, unknown>>,
  wanted: Wanted = {},
): OrderInput | undefined {
  const { place = 1, at = place * 1_000, workspace = WORKSPACE, source = 'web', kind = 'track' } = wanted;
  const { anchor = ['user_id', '1'] } = wanted;
  const [ns, ref] = anchor ?? ['event', '999'];
  const envelope: Envelope = {
    eventId: `event-${place}` as EventId,
    workspace: workspace as Workspace,
    source: source as SourceName,
    kind,
    schema: 1,
    receivedAt: at,
    at,
    index: 0,
    rules: 1,
    alg: 'xc1',
    refs: [
      { ns: 'anonymous_id', ref: '7' as Ref, strength: 0 },
      { ns, ref: ref as Ref, strength: 1 },
    ],
  };
  const payload = { type: kind, event, ...(properties === undefined ? {} : { properties }) };
  const body: SealedBody = { ids: ['device', 'person'], payload };
  return orderInputOf(envelope, body, BigInt(place) as Position, anchor === null ? null : (ref as Ref));
}

/** An event of order `o-1`, unless the properties name another. */
export function input(
  event: string,
  properties: Readonly<Record<string, unknown>> = {},
  wanted: Wanted = {},
): OrderInput {
  const found = read(event, { order_id: 'o-1', ...properties }, wanted);
  if (found === undefined) throw new Error(`${event} is no order event`);
  return found;
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
export async function storeOf(blocks: readonly (readonly OrderInput[])[]): Promise<MemoryRows> {
  const store = new MemoryRows();
  for (const block of blocks) {
    const work = new UnitOfWork(store);
    await loadOrders(work, block);
    for (const one of block) foldOrder(work, one);
    store.commit(work);
  }
  return store;
}

/** The order that these inputs make, folded in one block. */
export async function orderFrom(inputs: readonly OrderInput[], orderId = 'o-1'): Promise<Order | null> {
  return readOrder(await storeOf([inputs]), orderId);
}

/** An order out of committed rows. */
export async function readOrder(
  store: Pick<MemoryRows, 'read'>,
  orderId = 'o-1',
  workspace: Workspace = WORKSPACE,
): Promise<Order | null> {
  const work = new UnitOfWork(store);
  await loadOrders(work, [{ workspace, orderId }]);
  return orderOf(work, workspace, orderId);
}
