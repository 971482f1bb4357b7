import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MAX_MERGED } from '#config';
import { SignedBody } from './signed.dto.ts';
import { Optional } from './optional.ts';

/** What can be ordered about people. */
export const ORDERS = ['merge', 'split', 'forbid', 'release', 'lift', 'undo'] as const;

/** An identifier, by its value or by the stand-in that answers show. */
export class IdentifierBody {
  @ApiPropertyOptional({ example: 'email' })
  @Optional()
  @Matches(/^[a-z0-9_]{1,32}$/, { message: 'namespace must match [a-z0-9_]{1,32}' })
  namespace?: string;

  @ApiPropertyOptional({ example: 'ayse@example.com' })
  @Optional()
  @IsString()
  @MaxLength(255)
  value?: string;

  @ApiPropertyOptional({
    description: 'Instead of namespace and value: `anchor` or `anchor_id` of an answer.',
  })
  @Optional()
  @Matches(/^[1-9]\d{0,18}$/, { message: 'anchor must be a decimal number' })
  anchor?: string;
}

/** An order about people. */
export class IdentityCommandBody extends SignedBody {
  @ApiProperty({
    enum: ORDERS,
    description:
      'merge: these identifiers are one person; split, forbid: these two never are; release: what linked this identifier up to ' +
      'now no longer does; lift: this identifier is no longer quarantined; undo: an earlier command was never given.',
  })
  @IsIn(ORDERS)
  kind!: (typeof ORDERS)[number];

  @ApiPropertyOptional({
    type: [IdentifierBody],
    description: 'merge: 2 to 50; split, forbid: 2; release, lift: 1.',
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_MERGED)
  @ValidateNested({ each: true })
  @Type(() => IdentifierBody)
  identifiers?: IdentifierBody[];

  @ApiPropertyOptional({ format: 'uuid', description: 'undo: the command to take back.' })
  @Optional()
  @IsUUID()
  command?: string;
}
