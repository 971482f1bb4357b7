import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { CLOCKS, COHORTS, MAX_PERIODS, PERIODS, RETURNS, UNITS } from '#journey';
import type { Period, RetentionDefinition, Unit } from '#journey';
import { Optional } from '../optional.ts';
import { BreakdownBody, ScopeBody } from './scope.dto.ts';
import { SelectorBody, SelectorValue } from './selector.dto.ts';
import { IsZone } from './time-zone.dto.ts';

/** A retention. */
export class RetentionBody extends ScopeBody {
  @ApiPropertyOptional({ type: SelectorBody, description: 'What begins; absent: any event.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  start?: SelectorBody;

  @ApiPropertyOptional({ type: SelectorBody, description: 'What counts as back; absent: any event.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  return?: SelectorBody;

  @ApiPropertyOptional({ enum: PERIODS, default: 'day' })
  @IsIn(PERIODS)
  period: Period = 'day';

  @ApiPropertyOptional({
    default: 14,
    minimum: 1,
    maximum: MAX_PERIODS,
    description: 'Periods after the first.',
  })
  @IsInt()
  @Min(1)
  @Max(MAX_PERIODS)
  periods = 14;

  @ApiPropertyOptional({ enum: COHORTS, default: 'first_time' })
  @IsIn(COHORTS)
  cohorts: RetentionDefinition['cohorts'] = 'first_time';

  @ApiPropertyOptional({
    enum: RETURNS,
    default: 'bounded',
    description: 'In the period, or in it or any later one.',
  })
  @IsIn(RETURNS)
  returns: RetentionDefinition['returns'] = 'bounded';

  @ApiPropertyOptional({
    enum: CLOCKS,
    default: 'rolling',
    description: '24 hours (7, 30 times that) since the own start, or days, weeks, months of the time zone.',
  })
  @IsIn(CLOCKS)
  clock: RetentionDefinition['clock'] = 'rolling';

  @ApiPropertyOptional({
    description: 'IANA name; cohorts and calendar periods are cut in it. Absent: that of the workspace.',
  })
  @Optional()
  @IsZone()
  timeZone?: string;

  @ApiPropertyOptional({ enum: UNITS, default: 'person' })
  @IsIn(UNITS)
  unit: Unit = 'person';

  @ApiPropertyOptional({
    type: BreakdownBody,
    description: 'Cohorts by a value at the start instead of by its time.',
  })
  @Optional()
  @ValidateNested()
  @Type(() => BreakdownBody)
  breakdown?: BreakdownBody;
}

/** A life cycle. */
export class LifecycleBody extends ScopeBody {
  @ApiPropertyOptional({ type: SelectorBody, description: 'What makes somebody active; absent: any event.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  activity?: SelectorBody;

  @ApiPropertyOptional({ enum: PERIODS, default: 'week' })
  @IsIn(PERIODS)
  period: Period = 'week';

  @ApiPropertyOptional({ description: 'IANA name. Absent: that of the workspace.' })
  @Optional()
  @IsZone()
  timeZone?: string;

  @ApiPropertyOptional({ enum: ['person', 'account'], default: 'person' })
  @IsIn(['person', 'account'])
  unit: 'person' | 'account' = 'person';
}
