import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsString,
  MaxLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { FIELD_RULE, OPERATORS, parseField } from '#journey';
import type { Operator } from '#journey';
import type { TouchpointKind } from '#touchpoint';
import { Optional } from '../optional.ts';

const KINDS = [
  'track',
  'page',
  'screen',
  'identify',
  'group',
  'alias',
] as const satisfies readonly TouchpointKind[];

/** Longest name, field and value. */
export const MAX_TEXT = 1_000;

/** Conditions of a selector at most. */
const MAX_CONDITIONS = 50;

/** A field of an event. */
export const IsField = (): PropertyDecorator =>
  ValidateBy({
    name: 'isField',
    validator: {
      validate: (value) =>
        typeof value === 'string' && value.length <= MAX_TEXT && parseField(value) !== undefined,
      defaultMessage: () => `$property must be ${FIELD_RULE}`,
    },
  });

/** A condition on a field. */
export class ConditionBody {
  @ApiProperty({ example: 'properties.price', description: FIELD_RULE })
  @IsField()
  field!: string;

  @ApiProperty({ enum: OPERATORS })
  @IsIn(OPERATORS)
  op!: Operator;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: {} }],
    description: 'A list for in and not_in, absent for exists and absent.',
  })
  @Allow()
  value?: unknown;
}

/** Which events are meant. A text stands for an event of that name. */
export class SelectorBody {
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'A name or several; absent: every name.',
  })
  @Optional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value))
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(MAX_TEXT, { each: true })
  event?: string[];

  @ApiPropertyOptional({ enum: KINDS, description: 'Absent: track, page and screen.' })
  @Optional()
  @IsIn(KINDS)
  kind?: TouchpointKind;

  @ApiPropertyOptional({ type: [ConditionBody], description: 'All of them hold.' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_CONDITIONS)
  @ValidateNested({ each: true })
  @Type(() => ConditionBody)
  where?: ConditionBody[];
}

/** Reads a selector, or a text that stands for one, wherever a body holds one. */
export const SelectorValue = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    Array.isArray(value) ? value.map(toSelector) : toSelector(value),
  );

function toSelector(value: unknown): unknown {
  if (typeof value === 'string') return plainToInstance(SelectorBody, { event: value });
  return typeof value === 'object' && value !== null ? plainToInstance(SelectorBody, value) : value;
}
