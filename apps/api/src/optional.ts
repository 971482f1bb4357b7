import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';

/**
 * A member that may be missing. Many programs write `null` where they have nothing to say, so that is missing, too: it
 * passes the checks of class-validator, and what reads the body would fail on it.
 */
export const Optional = (): PropertyDecorator => (target, property) => {
  IsOptional()(target, property);
  Transform(({ value }: { value: unknown }) => value ?? undefined)(target, property);
};
