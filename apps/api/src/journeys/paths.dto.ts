import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { MAX_PATH_STEPS } from '#journey';
import { Optional } from '../optional.ts';
import { ScopeBody } from './scope.dto.ts';
import { SelectorBody, SelectorValue } from './selector.dto.ts';

/** Ways through events. */
export class PathsBody extends ScopeBody {
  @ApiPropertyOptional({ type: SelectorBody, description: 'Paths begin at the first such event.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  start?: SelectorBody;

  @ApiPropertyOptional({ type: SelectorBody, description: 'Paths end with the first such event.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  end?: SelectorBody;

  @ApiPropertyOptional({ type: SelectorBody, description: 'Events that paths are made of; absent: all.' })
  @Optional()
  @SelectorValue()
  @ValidateNested()
  among?: SelectorBody;

  @ApiPropertyOptional({ default: 5, minimum: 1, maximum: MAX_PATH_STEPS })
  @IsInt()
  @Min(1)
  @Max(MAX_PATH_STEPS)
  steps = 5;

  @ApiPropertyOptional({ default: false, description: 'Joins events of one name that follow one another.' })
  @IsBoolean()
  collapse = false;

  @ApiPropertyOptional({
    default: 10,
    minimum: 1,
    maximum: 100,
    description: 'Events told apart at each step.',
  })
  @IsInt()
  @Min(1)
  @Max(100)
  top = 10;

  @ApiPropertyOptional({ enum: ['person', 'session'], default: 'session' })
  @IsIn(['person', 'session'])
  unit: 'person' | 'session' = 'session';
}
