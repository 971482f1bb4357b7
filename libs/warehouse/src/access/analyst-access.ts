import { createHash } from 'node:crypto';
import { stringLiteral } from '../sql-text/literal.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { maskedDatabaseOf, maskedViews } from './masked-views.ts';

/** Name of the user for analysts who ask the server itself, past Temas. */
export const ANALYST = 'analyst';

const PROFILE = 'temas_analyst';

/** What a statement may take; who asks for less, gets less. `readonly = 2` lets BI tools set formats and limits. */
const SETTINGS = [
  'readonly = 2',
  'max_execution_time = 60 MIN 1 MAX 60',
  'max_threads = 4 MIN 1 MAX 4',
  'max_memory_usage = 4000000000 MIN 1 MAX 4000000000',
  'max_result_rows = 10000000 MIN 1 MAX 10000000',
  'max_rows_to_read = 10000000000 MIN 1 MAX 10000000000',
  "result_overflow_mode = 'throw' CONST",
];

/** What all statements together may take. */
const QUOTA = [
  'FOR INTERVAL 1 minute MAX queries = 300',
  'FOR INTERVAL 1 hour MAX queries = 5000, execution_time = 7200, read_rows = 1000000000000',
];

/**
 * DDL of the user `analyst`: it reads the masked views of the workspaces, within limits and a quota, and nothing else.
 * The password is sent as its SHA-256. Repeatable; a new password replaces the old one.
 */
export function analystStatements(workspaces: readonly string[], password: string): string[] {
  const hash = createHash('sha256').update(password).digest('hex');
  const [home] = workspaces;
  const database = home === undefined ? '' : ` DEFAULT DATABASE ${maskedDatabaseOf(home)}`;
  const user = `IDENTIFIED WITH sha256_hash BY ${stringLiteral(hash)}`;
  return [
    ...workspaces.flatMap((workspace) => maskedViews(workspace)),
    `CREATE SETTINGS PROFILE IF NOT EXISTS ${PROFILE} SETTINGS ${SETTINGS.join(', ')}`,
    `CREATE USER IF NOT EXISTS ${ANALYST} ${user}${database} SETTINGS PROFILE ${stringLiteral(PROFILE)}`,
    `ALTER USER ${ANALYST} ${user}${database} SETTINGS PROFILE ${stringLiteral(PROFILE)}`,
    `CREATE QUOTA IF NOT EXISTS ${PROFILE} KEYED BY user_name ${QUOTA.join(', ')} TO ${ANALYST}`,
    `REVOKE ALL ON *.* FROM ${ANALYST}`,
    ...workspaces.map((workspace) => `GRANT SELECT ON ${maskedDatabaseOf(workspace)}.* TO ${ANALYST}`),
  ];
}

/**
 * Makes the user `analyst` on a server. Throws `WarehouseRejected` where Temas' own user may not make users
 * (`access_management`), as on the embedded engine.
 */
export async function admitAnalysts(
  warehouse: Warehouse,
  workspaces: readonly string[],
  password: string,
): Promise<void> {
  for (const statement of analystStatements(workspaces, password)) await warehouse.command(statement);
}
