import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Optional } from './optional.ts';

/** Longest silence or window that a rule can ask for, hours: a quarter. */
const MAX_HOURS = 2_208;

/** When to be told that data are no longer what they were. */
export class QualityRuleBody {
  @ApiProperty({ enum: ['silent', 'validity'] })
  @IsIn(['silent', 'validity'])
  kind!: 'silent' | 'validity';

  @ApiPropertyOptional({ description: 'A source; absent: each source by itself.' })
  @Optional()
  @Matches(/^[a-z0-9_]{1,32}$/, { message: 'source must match [a-z0-9_]{1,32}' })
  source?: string;

  @ApiProperty({
    example: 6,
    description:
      'silent: hours without anything. validity: length of the window that is measured, up to now.',
  })
  @IsNumber()
  @Min(0.01)
  @Max(MAX_HOURS)
  hours!: number;

  @ApiPropertyOptional({ example: 0.95, description: 'validity: fires below this, from 0 to 1.' })
  @ValidateIf(({ kind }: QualityRuleBody) => kind === 'validity')
  @IsNumber()
  @Min(0)
  @Max(1)
  below?: number;

  @ApiPropertyOptional({ default: 20, description: 'validity: not asked of fewer items than this.' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  atLeast?: number;
}

/** For what national ids are used. */
export class NationalIdsBody {
  @ApiProperty({ description: 'What they are used for; stands in the log for ever.' })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  purpose!: string;

  @ApiProperty({ description: 'The law or the consent that it rests on.' })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  legalBasis!: string;
}

/** Kinds of values that can be checked. */
export const CHECKED = ['email', 'phone', 'name', 'city', 'birth_date', 'national_id'] as const;

/** A value as somebody typed it. */
export class TypedValueBody {
  @ApiProperty({ enum: CHECKED })
  @IsIn(CHECKED)
  kind!: (typeof CHECKED)[number];

  @ApiProperty({ example: 'ali@gmial.con' })
  @IsString()
  @MaxLength(1_000)
  value!: string;

  @ApiPropertyOptional({ example: 'TR', description: 'Of phone numbers without a code.' })
  @Optional()
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters' })
  country?: string;
}

/** Values to check. */
export class CheckBody {
  @ApiProperty({ type: [TypedValueBody], description: '1 to 1,000 values.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => TypedValueBody)
  values!: TypedValueBody[];
}
