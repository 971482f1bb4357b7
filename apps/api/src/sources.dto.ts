import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsIn, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { MAX_OVERLAP_SECONDS } from '#config';
import { Optional } from './optional.ts';

const NAME = /^[a-z0-9_]{1,32}$/;

/** Settings of a source; how they are read is told by the configuration itself. */
class SettingsBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: 500,
    description: 'Events per second of each key, 0.01 to 1000000; beyond it 429. `null`: no limit.',
  })
  @Allow()
  rateLimit?: unknown;

  @ApiPropertyOptional({
    enum: ['keep', 'refuse'],
    description: 'What becomes of events that break their schema: kept and counted (default), or refused.',
  })
  @Allow()
  onViolation?: unknown;

  @ApiPropertyOptional({
    example: 'TR',
    default: 'TR',
    description: 'Country of phone numbers without a code, ISO 3166-1 alpha-2.',
  })
  @Allow()
  country?: unknown;

  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    example: { vendor: 'shopify' },
    description:
      'How webhooks are read: a vendor, or `custom` with `fields`. `null`: like any JSON (`generic`).',
  })
  @Allow()
  mapping?: unknown;

  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    example: { scheme: { name: 'shopify' }, secret: 'from the vendor' },
    description: 'How webhooks are signed. The secret is sealed and never shown again. `null`: they are not.',
  })
  @Allow()
  signature?: unknown;
}

/** A source to create. */
export class CreateSourceBody extends SettingsBody {
  @ApiProperty({ example: 'web', description: '[a-z0-9_]{1,32}' })
  @Matches(NAME, { message: 'source must match [a-z0-9_]{1,32}' })
  source!: string;

  @ApiPropertyOptional({
    enum: ['client', 'server'],
    default: 'client',
    description: 'Who holds its keys: browsers and apps, or the company itself. Never changes.',
  })
  @IsIn(['client', 'server'])
  trust: 'client' | 'server' = 'client';
}

/** Settings to change; absent ones stay. */
export class ChangeSourceBody extends SettingsBody {}

/** How a key is replaced. */
export class RotateKeyBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiPropertyOptional({
    default: 86_400,
    minimum: 0,
    maximum: MAX_OVERLAP_SECONDS,
    description: 'Seconds that the keys in force stay so. 0: they end at once.',
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  overlapSeconds?: number;
}

/** A write key, without the key. */
export class WriteKeyBody {
  @ApiProperty()
  keyId!: string;

  @ApiProperty({ description: 'Its last four characters; empty for a key of the environment.' })
  hint!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  issuedAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From then on it is refused.',
  })
  endsAt!: string | null;
}

/** A source of touchpoints. */
export class SourceBody {
  @ApiProperty()
  workspace!: string;

  @ApiProperty()
  source!: string;

  @ApiProperty({ enum: ['client', 'server'] })
  trust!: string;

  @ApiProperty({ type: Number, nullable: true })
  rateLimit!: number | null;

  @ApiProperty({ enum: ['keep', 'refuse'] })
  onViolation!: string;

  @ApiProperty()
  country!: string;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  mapping!: object | null;

  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'Its scheme only.',
  })
  signature!: { scheme: object } | null;

  @ApiProperty({ type: [WriteKeyBody], description: 'Oldest first. Never the keys themselves.' })
  writeKeys!: WriteKeyBody[];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  createdAt!: string | null;
}

/** A source after a change. */
export class ChangedSourceBody extends SourceBody {
  @ApiProperty({ description: 'Log position of the change.' })
  position!: string;
}

/** A source with a new key, shown this one time. */
export class KeyShownBody extends ChangedSourceBody {
  @ApiProperty({ description: 'The write key. It is shown this one time and kept nowhere.' })
  writeKey!: string;

  @ApiProperty()
  keyId!: string;

  @ApiProperty({ description: 'Where webhooks of this source go.' })
  webhookPath!: string;
}
