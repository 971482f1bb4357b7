import { TemasError } from '#kernel';

/** The command line cannot be understood, or names something that is not there. */
export class ImportUsage extends TemasError {
  override readonly name = 'ImportUsage';

  constructor(message: string) {
    super('IMPORT.USAGE', message);
  }
}

/** Something wrong at one place of the mapping file. */
export interface MappingProblem {
  /** Place inside the file such as `touchpoint.properties.revenue.as`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The mapping file is wrong, or names columns that the file does not have. */
export class MappingInvalid extends TemasError {
  override readonly name = 'MappingInvalid';

  constructor(readonly problems: readonly MappingProblem[]) {
    const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    super('IMPORT.MAPPING', `the mapping is not right:\n  ${lines.join('\n  ')}`);
  }
}

/** Temas refused a whole request, or does not answer. What was acknowledged before is saved. */
export class ImportStopped extends TemasError {
  override readonly name = 'ImportStopped';

  constructor(message: string, options?: ErrorOptions) {
    super('IMPORT.STOPPED', message, options);
  }
}

/** A signal asked the import to end. What was acknowledged before is saved. */
export class ImportInterrupted extends TemasError {
  override readonly name = 'ImportInterrupted';

  constructor(readonly signal: NodeJS.Signals) {
    super('IMPORT.INTERRUPTED', 'interrupted');
  }
}
