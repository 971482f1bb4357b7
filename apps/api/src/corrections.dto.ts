import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

/** A word on a guess. */
export class VerdictBody {
  @ApiProperty({ description: 'Why; stands in the log for ever: no personal data.' })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason!: string;

  @ApiPropertyOptional({ description: 'Who says it, as your own staff id: no name, no address.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: 'actor must match [A-Za-z0-9_.-]{1,64}' })
  actor?: string;
}

/** A guess at what an identifier was meant to be. */
export class CorrectionBody {
  @ApiProperty({ example: '7215…-8820…', description: 'By it the guess is confirmed or rejected.' })
  id!: string;

  @ApiProperty({ example: 'email' })
  namespace!: string;

  @ApiProperty({ description: 'What may have been meant. Nothing is sent there until it is confirmed.' })
  value!: string;

  @ApiProperty({ enum: ['correction', 'suggestion'] })
  outcome!: string;

  @ApiProperty({ enum: ['unverified', 'confirmed', 'rejected'] })
  status!: string;

  @ApiProperty({ example: 0, description: 'A guess is no evidence.' })
  strength!: number;

  @ApiProperty({ description: 'Identifier that was typed, as its number (anchor_id in SQL).' })
  derivedFrom!: string;

  @ApiProperty({ description: 'Stand-in of the guessed identifier.' })
  anchor!: string;

  @ApiProperty({ example: 'tld.typo:con' })
  ruleId!: string;

  @ApiProperty({ example: 1 })
  rulesetVersion!: number;

  @ApiProperty({ example: 0.98 })
  confidence!: number;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty()
  source!: string;

  @ApiProperty({ format: 'uuid' })
  eventId!: string;

  @ApiPropertyOptional({ type: 'object', nullable: true, additionalProperties: true })
  decided!: object | null;
}
