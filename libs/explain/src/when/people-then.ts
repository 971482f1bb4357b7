import { clickHouseTime, type ProfileId, type Ref, type Workspace } from '#kernel';
import { databaseOf, type Warehouse } from '#warehouse';

/** Who was who by log time, from the intervals that the fold wrote. */
export class PeopleThen {
  readonly #database: string;

  constructor(
    private readonly warehouse: Warehouse,
    workspace: Workspace,
  ) {
    this.#database = databaseOf(workspace);
  }

  /** Profile that held an identifier; `undefined` if it had not been seen. */
  async holderOf(ref: Ref, at: number): Promise<ProfileId | undefined> {
    const [row] = await this.#ask<{ holder: ProfileId }>(
      `SELECT argMax(profile_id, position) AS holder FROM ${this.#database}.identities_history
       WHERE anchor_id = {ref:UInt64} AND valid_from <= {at:DateTime64(3, 'UTC')} HAVING count() > 0`,
      { ref: BigInt(ref) },
      at,
    );
    return row?.holder;
  }

  /** Identifiers that a profile held; none if it did not live then. */
  async membersOf(id: ProfileId, at: number): Promise<{ readonly ns: string; readonly ref: Ref }[]> {
    const history = `${this.#database}.identities_history`;
    return this.#ask<{ ns: string; ref: Ref }>(
      `SELECT any(namespace) AS ns, anchor_id AS ref FROM ${history}
       WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND anchor_id IN (
         SELECT anchor_id FROM ${history} WHERE profile_id = {id:UUID} AND valid_from <= {at:DateTime64(3, 'UTC')}
       )
       GROUP BY anchor_id HAVING argMax(profile_id, position) = {id:UUID} ORDER BY anchor_id`,
      { id },
      at,
    );
  }

  /** Profile that an id led to; `undefined` if it was the id of a living one, or of none. */
  async survivorOf(id: ProfileId, at: number): Promise<ProfileId | undefined> {
    const [row] = await this.#ask<{ survivor: ProfileId }>(
      `SELECT argMax(profile_id, position) AS survivor FROM ${this.#database}.profile_aliases
       WHERE alias_id = {id:UUID} AND valid_from <= {at:DateTime64(3, 'UTC')} AND valid_to > {at:DateTime64(3, 'UTC')}
       HAVING count() > 0`,
      { id },
      at,
    );
    return row?.survivor;
  }

  /** When something was first held by this identifier or profile, ms since 1970 UTC; `undefined`: never. */
  async since(one: { readonly ref: Ref } | { readonly id: ProfileId }): Promise<number | undefined> {
    const condition = 'ref' in one ? 'anchor_id = {one:UInt64}' : 'profile_id = {one:UUID}';
    const [row] = await this.warehouse.query<{ since: string }>(
      `SELECT min(valid_from) AS since FROM ${this.#database}.identities_history
       WHERE ${condition} HAVING count() > 0`,
      { one: 'ref' in one ? BigInt(one.ref) : one.id },
    );
    return row === undefined ? undefined : msOf(row.since);
  }

  #ask<T>(sql: string, params: Record<string, unknown>, at: number): Promise<T[]> {
    return this.warehouse.query<T>(sql, { ...params, at: clickHouseTime(at) });
  }
}

/** Ms since 1970 of a time as ClickHouse writes it. */
export function msOf(clickHouse: string): number {
  return Date.parse(`${clickHouse.replace(' ', 'T')}Z`);
}
