import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { CorrectionBody } from './corrections.dto.ts';

/** Which identifier to look a profile up by. */
export class LookupBody {
  @ApiProperty({ example: 'email', description: 'user_id, anonymous_id, email, phone, …' })
  @Matches(/^[a-z0-9_]{1,32}$/, { message: 'namespace must match [a-z0-9_]{1,32}' })
  namespace!: string;

  @ApiProperty({ example: 'ayse@example.com', description: 'As people write it; it is normalised.' })
  @IsString()
  @Length(1, 255)
  value!: string;
}

/** A trait's value and where it came from. */
export class TraitBody {
  @ApiProperty({ description: 'Any JSON value.' })
  value!: unknown;

  @ApiProperty({ format: 'date-time', description: 'Event time of the touchpoint that brought it, UTC.' })
  at!: string;

  @ApiProperty()
  source!: string;

  @ApiProperty({ format: 'uuid' })
  eventId!: string;

  @ApiProperty({ description: 'Identifier it belongs to, as its number (anchor_id in SQL).' })
  anchor!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Of names, cities and birth dates: for the eye. `null` where the value says nothing.',
  })
  display?: string | null;

  @ApiPropertyOptional({ description: 'Titles that stood in front of a name.' })
  title?: string;

  @ApiPropertyOptional({ description: 'For comparing names and cities.' })
  matchKey?: string;

  @ApiPropertyOptional({ enum: ['placeholder', 'default', 'invalid'] })
  remark?: string;
}

/** An identifier of a person. */
export class IdentifierBody {
  @ApiProperty()
  namespace!: string;

  @ApiProperty()
  value!: string;

  @ApiProperty()
  anchor!: string;

  @ApiProperty({ format: 'date-time' })
  firstSeenAt!: string;

  @ApiProperty({ format: 'date-time' })
  lastSeenAt!: string;

  @ApiProperty()
  source!: string;

  @ApiPropertyOptional({
    type: [String],
    description:
      'Of an address: disposable, role, free_provider, unlisted_suffix. Of a number: its type and country.',
  })
  facts?: string[];
}

/** A person, stitched from every touchpoint. */
export class ProfileBody {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/TraitBody' } })
  traits!: Record<string, TraitBody>;

  @ApiProperty({ type: [IdentifierBody] })
  identifiers!: IdentifierBody[];

  @ApiProperty({
    type: [CorrectionBody],
    required: false,
    description: 'What identifiers may have been meant to be. Absent with `asOf`.',
  })
  corrections?: CorrectionBody[];

  @ApiProperty({ format: 'date-time' })
  firstSeenAt!: string;

  @ApiProperty({ format: 'date-time' })
  lastSeenAt!: string;

  @ApiProperty()
  eventCount!: number;

  @ApiPropertyOptional({ nullable: true, type: String })
  email!: string | null;

  @ApiPropertyOptional({ nullable: true, type: String })
  phone!: string | null;

  @ApiProperty({ type: [String] })
  userIds!: string[];

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'The moment that it is shown of, if that was asked.',
  })
  asOf?: string;

  @ApiPropertyOptional({ enum: ['recorded', 'event'] })
  clock?: string;
}
