import type { Readable } from 'node:stream';
import { TemasError } from '#kernel';
import { paramText } from '#journey';
import type { Statement } from '#journey';
import { problem } from '../access.ts';
import type { Caller } from '../access.ts';
import type { Reading } from '../reading.ts';

/** Rows that an analysis may get from the engine: it holds them in memory. */
const MAX_ROWS = 200_000;

/** What was asked, for whoever wants to ask it again at the SQL door. */
export interface Asked {
  readonly sql: string;
  /** Values of its placeholders, `param_<name>` at the door. */
  readonly parameters: Statement['params'];
  /** How long the engine took to answer, ms, its queue included. */
  readonly ms: number;
}

/** Rows of a statement and how they were asked for. */
export interface Answer<Row> {
  readonly rows: readonly Row[];
  readonly asked: Asked;
}

/** The engine failed in a way that no question explains. */
class AnalysisFailed extends TemasError {
  override readonly name = 'AnalysisFailed';

  constructor(message: string) {
    super('API.ANALYSIS_FAILED', message);
  }
}

/**
 * Asks as the caller through the SQL door, so that its limits on time, memory, rows and places hold for analyses too.
 * Throws 422 where a limit ended the question and 503 where the engine is too busy or starting.
 */
export async function ask<Row>(reading: Reading, caller: Caller, statement: Statement): Promise<Answer<Row>> {
  const started = performance.now();
  const query = new URLSearchParams({ default_format: 'JSONEachRow', max_result_rows: String(MAX_ROWS) });
  for (const [name, value] of Object.entries(statement.params)) query.set(`param_${name}`, paramText(value));
  const answer = await reading.door.handle(
    { method: 'POST', path: '/', query, headers: {}, body: Buffer.from(statement.sql), caller: caller.id },
    caller.workspace,
  );
  const { text, isCut } = await whole(answer.body);
  const broken = /__exception__\r\n\w+\r\n([\s\S]*)$/.exec(text)?.[1];
  if (answer.status !== 200 || broken !== undefined) throw refused(broken ?? text);
  if (isCut) throw problem(503, 'the engine ended in the middle of the answer; ask again in a moment');
  const rows = text === '' ? [] : (JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as Row[]);
  const ms = Math.round((performance.now() - started) * 10) / 10;
  return { rows, asked: { sql: statement.sql, parameters: statement.params, ms } };
}

/** What came of an answer; one that broke off ends with the engine's error, or with nothing that says why. */
async function whole(body: Readable | Buffer): Promise<{ text: string; isCut: boolean }> {
  if (Buffer.isBuffer(body)) return { text: body.toString('utf8'), isCut: false };
  const chunks: Buffer[] = [];
  let isCut = false;
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch {
    isCut = true;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isCut };
}

const NARROW = 'Ask of fewer events: a shorter time, fewer steps, a condition, fewer groups.';

/** The answer for a question that the engine refused. Its own words may quote values, so they are not passed on. */
function refused(text: string): Error {
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? 0);
  switch (code) {
    case 159:
      return problem(422, `the question took longer than a statement may run. ${NARROW}`, {
        limit: 'max_execution_time',
      });
    case 241:
      return problem(422, `the question needs more memory than a statement may have. ${NARROW}`, {
        limit: 'max_memory_usage',
      });
    case 396:
      return problem(422, `the answer has more than ${MAX_ROWS} rows. ${NARROW}`, {
        limit: 'max_result_rows',
      });
    case 158:
      return problem(422, `the question reads more rows than a statement may. ${NARROW}`, {
        limit: 'max_rows_to_read',
      });
    case 395:
      return problem(
        422,
        /:\s*(one history has [^:.]*?)(?=[:.])/.exec(text)?.[1] ?? 'a history is too long',
        { limit: 'max_history' },
      );
    case 202:
      return problem(503, 'too many questions are waiting; ask again in a moment', { limit: 'waiting' });
    case 210:
      return problem(503, 'the engine is starting again; ask again in a moment');
    default:
      return new AnalysisFailed(text.slice(0, 2_000));
  }
}
