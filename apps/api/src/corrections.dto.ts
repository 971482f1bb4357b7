import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SignedBody } from './signed.dto.ts';

/** A word on a guess. */
export class VerdictBody extends SignedBody {}

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
