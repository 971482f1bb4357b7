import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { FUNNEL_OUTCOMES, MAX_EXCLUSIONS, MAX_STEPS, MAX_WINDOW_MS, STEP_ORDERS, UNITS } from '#journey';
import type { FunnelPeople, StepOrder, Unit } from '#journey';
import { Optional } from '../optional.ts';
import { BreakdownBody, ScopeBody } from './scope.dto.ts';
import { MAX_TEXT, SelectorBody, SelectorValue } from './selector.dto.ts';

/** What must not happen between two steps. */
export class ExclusionBody extends SelectorBody {
  @ApiPropertyOptional({ default: 1, description: 'Step behind whose event it excludes, from 1.' })
  @IsInt()
  @Min(1)
  after = 1;

  @ApiPropertyOptional({ description: 'Step in front of whose event it excludes; absent: the last one.' })
  @Optional()
  @IsInt()
  @Min(2)
  before?: number;
}

/** A funnel. */
export class FunnelBody extends ScopeBody {
  @ApiProperty({ type: [SelectorBody], description: '1 to 20 steps; a text is the name of an event.' })
  @SelectorValue()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_STEPS)
  @ValidateNested({ each: true })
  steps!: SelectorBody[];

  @ApiPropertyOptional({ enum: STEP_ORDERS, default: 'ordered' })
  @IsIn(STEP_ORDERS)
  order: StepOrder = 'ordered';

  @ApiPropertyOptional({
    description: 'From the first to the last step, seconds, inclusive; absent: no limit.',
  })
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(MAX_WINDOW_MS / 1000)
  windowSeconds?: number;

  @ApiPropertyOptional({
    type: [ExclusionBody],
    description: 'Not for strict order: nothing lies between there.',
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_EXCLUSIONS)
  @ValidateNested({ each: true })
  @Type(() => ExclusionBody)
  exclusions?: ExclusionBody[];

  @ApiPropertyOptional({ enum: UNITS, default: 'person', description: 'Whose events make one history.' })
  @IsIn(UNITS)
  unit: Unit = 'person';

  @ApiPropertyOptional({ type: BreakdownBody })
  @Optional()
  @ValidateNested()
  @Type(() => BreakdownBody)
  breakdown?: BreakdownBody;
}

/** Who came to a step of a funnel, or was lost there. */
export class FunnelPeopleBody extends FunnelBody {
  @ApiProperty({ description: 'From 1.' })
  @IsInt()
  @Min(1)
  step!: number;

  @ApiPropertyOptional({ enum: FUNNEL_OUTCOMES, default: 'dropped' })
  @IsIn(FUNNEL_OUTCOMES)
  outcome: FunnelPeople['outcome'] = 'dropped';

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Value of a group; null: those without one. Of a segment the name of a group.',
  })
  @Allow()
  group?: unknown;

  @ApiPropertyOptional({ default: 100, minimum: 1, maximum: 1_000 })
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 100;

  @ApiPropertyOptional({ description: 'Cursor of the page before.' })
  @Optional()
  @IsString()
  @MaxLength(MAX_TEXT)
  cursor?: string;
}
