import { messageOf } from '#kernel';

/** An error in ClickHouse's own terms, as its clients read it from an answer. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    /** ClickHouse's error number. */
    readonly errorNumber: number,
    /** ClickHouse's name of it. */
    readonly type: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The text a ClickHouse server answers with. */
  get text(): string {
    return `Code: ${this.errorNumber}. DB::Exception: ${this.message}. (${this.type})\n`;
  }
}

const REPORTED = /Code: (\d+)\. DB::(?:\w+)?Exception: ([\s\S]*)\((?=[A-Z0-9_]*[A-Z]{3})([A-Z0-9_]+)\)/;

/** Reads the engine's report out of anything thrown; what is none becomes 1002 UNKNOWN_EXCEPTION. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const report = REPORTED.exec(messageOf(error));
  if (report === null) return new EngineError(1002, 'UNKNOWN_EXCEPTION', messageOf(error), { cause: error });
  const message = (report[2] as string).trim().replace(/\.$/, '');
  return new EngineError(Number(report[1]), report[3] as string, message, { cause: error });
}

const STATUS: readonly (readonly [status: number, numbers: readonly number[]])[] = [
  [400, [1, 6, 26, 27, 36, 38, 41, 43, 53, 62, 72, 117, 130, 167, 168, 321, 354, 427, 456, 457]],
  [403, [192, 193, 194, 497, 516]],
  [404, [16, 46, 47, 50, 56, 60, 63, 73, 81, 115, 170]],
  [408, [159]],
  [413, [307, 1010]],
  [501, [48]],
  [503, [202, 209, 210, 439, 745]],
];

/** HTTP status that a ClickHouse server answers with for an error number. */
export function statusOf(errorNumber: number): number {
  return STATUS.find(([, numbers]) => numbers.includes(errorNumber))?.[0] ?? 500;
}
