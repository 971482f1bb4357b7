import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { RE2JS } from 're2js';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsString,
  MaxLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { ValidationArguments } from 'class-validator';
import { MAX_CHANNEL_RULES, ORIGIN_FIELDS, RULE_OPERATORS } from '#journey';
import type { OriginCondition, OriginField } from '#journey';
import { Optional } from '../optional.ts';

const MAX_NAME = 100;
const MAX_VALUES = 200;
const MAX_VALUE = 500;

/** Texts that the engine can match in linear time, where the condition asks it to. */
const AreReadable = (): PropertyDecorator =>
  ValidateBy({
    name: 'areReadable',
    validator: {
      validate: (values, args?: ValidationArguments) => {
        if ((args?.object as ChannelConditionBody).op !== 'matches' || !Array.isArray(values)) return true;
        return values.every((value) => typeof value === 'string' && isPattern(value));
      },
      defaultMessage: () => '$property must be regular expressions of RE2',
    },
  });

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** A condition of a rule. */
export class ChannelConditionBody {
  @ApiProperty({
    enum: ORIGIN_FIELDS,
    description: '`referrer` is a host, `site` one of search, social, shopping, video.',
  })
  @IsIn(ORIGIN_FIELDS)
  field!: OriginField;

  @ApiProperty({ enum: RULE_OPERATORS })
  @IsIn(RULE_OPERATORS)
  op!: OriginCondition['op'];

  @ApiProperty({
    type: [String],
    description: 'One of them has to fit, for is_not none may. Lower and upper case are one.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(MAX_VALUE, { each: true })
  @AreReadable()
  values!: string[];
}

/** A rule. */
export class ChannelRuleBody {
  @ApiProperty({ example: 'Paid Search' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_NAME)
  channel!: string;

  @ApiProperty({ type: [ChannelConditionBody], description: 'All of them hold; none: every touch.' })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ChannelConditionBody)
  when!: ChannelConditionBody[];
}

/** The rules of a workspace, the first that is met counts. */
export class SetChannelsBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiProperty({ type: [ChannelRuleBody] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CHANNEL_RULES)
  @ValidateNested({ each: true })
  @Type(() => ChannelRuleBody)
  rules!: ChannelRuleBody[];
}
