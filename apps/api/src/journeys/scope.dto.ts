import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsString, Max, MaxLength, Min } from 'class-validator';
import { MAX_GROUPS, SEGMENTS } from '#journey';
import type { Segment } from '#journey';
import { Optional } from '../optional.ts';
import { IsField, MAX_TEXT } from './selector.dto.ts';

/** Which events a question is about. */
export class ScopeBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'First moment, ISO 8601; absent: from the beginning.',
  })
  @Optional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Last moment, ISO 8601, exclusive; absent: to the end.',
  })
  @Optional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({ default: false, description: 'Whether events count that a program caused.' })
  @IsBoolean()
  includeBots = false;
}

/** By what an answer is split: exactly one of the members. */
export class BreakdownBody {
  @ApiPropertyOptional({ example: 'campaign', description: 'Value of a field at the event that starts.' })
  @Optional()
  @IsField()
  field?: string;

  @ApiPropertyOptional({ example: 'plan', description: "The person's trait as it was at that moment." })
  @Optional()
  @IsString()
  @MaxLength(MAX_TEXT)
  trait?: string;

  @ApiPropertyOptional({
    enum: SEGMENTS,
    description:
      'Built-in segment that the person was in at that moment. lifecycle: new, active, cooling, lapsed, won_back, or never_bought for who had bought nothing by then.',
  })
  @Optional()
  @IsIn(SEGMENTS)
  segment?: Segment;

  @ApiPropertyOptional({
    default: 25,
    minimum: 1,
    maximum: MAX_GROUPS,
    description: 'Groups answered, the largest.',
  })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_GROUPS)
  limit?: number;
}
