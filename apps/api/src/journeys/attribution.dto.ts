import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DEFAULT_LOOKBACK_DAYS, MAX_LOOKBACK_DAYS, MAX_MARKOV_ORDER, MODELS, TOUCH_NAMES } from '#journey';
import type { Model } from '#journey';
import { Optional } from '../optional.ts';
import { ScopeBody } from './scope.dto.ts';
import { IsField, SelectorBody } from './selector.dto.ts';

/** What people converted to. Without `event`, `kind` or `where`: orders. */
export class ConversionBody extends SelectorBody {
  @ApiPropertyOptional({
    example: 'properties.revenue',
    description: 'Field that holds what an event is worth.',
  })
  @Optional()
  @IsField()
  value?: string;

  @ApiPropertyOptional({ example: 'USD', description: 'Only orders of this currency.' })
  @Optional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;
}

/** Which events are touches, instead of visits. */
export class TouchesBody extends SelectorBody {
  @ApiPropertyOptional({
    example: 'properties.channel',
    description: 'Field that names the touch; absent: `by`.',
  })
  @Optional()
  @IsField()
  field?: string;
}

/** An attribution. */
export class AttributionBody extends ScopeBody {
  @ApiPropertyOptional({ enum: MODELS, isArray: true, description: 'Absent: all.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(MODELS, { each: true })
  models: Model[] = [...MODELS];

  @ApiPropertyOptional({ enum: TOUCH_NAMES, default: 'channel', description: 'What is given credit.' })
  @IsIn(TOUCH_NAMES)
  by: (typeof TOUCH_NAMES)[number] = 'channel';

  @ApiPropertyOptional({ type: ConversionBody })
  @Optional()
  @ValidateNested()
  @Type(() => ConversionBody)
  conversion?: ConversionBody;

  @ApiPropertyOptional({ type: TouchesBody, description: 'Absent: visits.' })
  @Optional()
  @ValidateNested()
  @Type(() => TouchesBody)
  touches?: TouchesBody;

  @ApiPropertyOptional({
    default: DEFAULT_LOOKBACK_DAYS,
    description: 'Days before a conversion in which touches count.',
  })
  @IsNumber()
  @Min(0)
  @Max(MAX_LOOKBACK_DAYS)
  lookbackDays = DEFAULT_LOOKBACK_DAYS;

  @ApiPropertyOptional({ default: false, description: 'Whether a path begins anew behind each conversion.' })
  @IsBoolean()
  restart = false;

  @ApiPropertyOptional({ default: 7, description: 'Days in which the share of time decay halves.' })
  @IsNumber()
  @Min(0.001)
  @Max(MAX_LOOKBACK_DAYS)
  halfLifeDays = 7;

  @ApiPropertyOptional({
    default: 1,
    minimum: 1,
    maximum: MAX_MARKOV_ORDER,
    description: 'Touches a state remembers.',
  })
  @IsInt()
  @Min(1)
  @Max(MAX_MARKOV_ORDER)
  markovOrder = 1;

  @ApiPropertyOptional({
    type: [String],
    description: 'Further names of touches that last_non_direct passes over.',
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  direct?: string[];

  @ApiPropertyOptional({
    type: 'array',
    items: {
      type: 'object',
      properties: {
        path: {
          oneOf: [
            { type: 'array', items: { type: 'string' } },
            { type: 'string', example: 'a > b' },
          ],
        },
        conversions: { type: 'number' },
        value: { type: 'number' },
        nulls: { type: 'number' },
        ageDays: { type: 'array', items: { type: 'number' } },
      },
    },
    description: 'Paths to share out instead of those of the events; up to 200,000.',
  })
  // Read by hand: a class for each of so many would take longer than the answer.
  @Allow()
  paths?: unknown;
}
