/** What the overlay shows of an item. */
export interface Outcome {
  readonly state: string;
  readonly detail: string;
}

interface Remark {
  readonly index: number;
  readonly message: string;
}

/** What an answer says of each item of its batch; `state` is what the delivery made of the answer as a whole. */
export function outcomes(state: string, status: number, body: unknown, count: number): Outcome[] {
  const {
    errors = [],
    warnings = [],
    message,
  } = body as {
    errors?: readonly Remark[];
    warnings?: readonly Remark[];
    message?: string;
  };
  return Array.from({ length: count }, (_, i) => {
    const error = errors.find(({ index }) => index === i);
    const warning = warnings.find(({ index }) => index === i);
    if (error) return { state: 'refused', detail: error.message };
    if (state !== 'confirmed') return { state, detail: `${status} ${message ?? ''}`.trim() };
    return warning ? { state: 'warning', detail: warning.message } : { state, detail: '' };
  });
}
