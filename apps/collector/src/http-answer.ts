import type { IntakeOutcome } from './intake.ts';

/** An answer in the shape that SDKs know (wire contract §4.4). */
export interface IngestHttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answer to a stored, limited or unpromised request. `single`: it brought one item, whose refusal is its own. */
export function answerTo(taken: IntakeOutcome, single: boolean): IngestHttpAnswer {
  switch (taken.outcome) {
    case 'limited':
      return later(429, taken.retryAfterSeconds, 'the source of this write key has reached its rate limit');
    case 'unavailable':
      return later(
        503,
        taken.retryAfterSeconds,
        'the event log cannot take events now; send this request again',
      );
    case 'stored': {
      const { position, accepted, errors, warnings } = taken.result;
      const status = single && accepted === 0 ? 400 : 200;
      return {
        status,
        body: {
          success: status === 200,
          ...(position === undefined ? {} : { position: position.toString() }),
          ...(errors.length > 0 ? { errors } : {}),
          ...(warnings.length > 0 ? { warnings } : {}),
        },
      };
    }
  }
}

/** Answer to a request that will not be taken however often it is sent. */
export function refuse(status: number, message: string): IngestHttpAnswer {
  return { status, body: { success: false, message } };
}

function later(status: 429 | 503, seconds: number, message: string): IngestHttpAnswer {
  const headers = { 'retry-after': String(seconds), 'x-ratelimit-reset': String(seconds) };
  return { status, headers, body: { success: false, message } };
}
