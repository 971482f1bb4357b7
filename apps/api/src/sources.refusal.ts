import type { HttpException } from '@nestjs/common';
import type {
  Exists,
  FieldProblem,
  TooMany,
  UnknownKey,
  UnknownReport,
  UnknownSchema,
  UnknownSource,
} from '#config';
import type { Workspace } from '#kernel';
import { problem } from './access.ts';
import type { Caller } from './access.ts';

/** Fields that cannot be taken. */
interface Invalid {
  readonly outcome: 'invalid';
  readonly problems: readonly FieldProblem[];
}

/** The answer to a configuration command that changed nothing. */
export function refusal(
  refused: Exists | TooMany | UnknownKey | UnknownReport | UnknownSchema | UnknownSource | Invalid,
): HttpException {
  switch (refused.outcome) {
    case 'exists':
      return problem(409, 'there is a source of this name', {
        errors: [{ field: 'source', message: 'is taken' }],
      });
    case 'too_many': {
      const { limit, unit } = refused;
      return problem(409, `there are as many ${unit} as there may be: ${limit}`, { limit, unit });
    }
    case 'unknown_source':
      return problem(404, 'there is no such source');
    case 'unknown_key':
      return problem(404, 'the source has no such key');
    case 'unknown_schema':
      return problem(404, 'there is no schema for these events');
    case 'unknown_report':
      return problem(404, 'there is no report of this name');
    case 'invalid':
      return problem(400, 'the body has fields that cannot be taken', { errors: refused.problems });
  }
}

/** Throws 403 if a body names another workspace than that of the caller's key. */
export function ownWorkspace({ workspace }: Caller, named: string | undefined): Workspace {
  if (named !== undefined && named !== workspace) {
    throw problem(403, `this key may only change the workspace ${workspace}`);
  }
  return workspace;
}
