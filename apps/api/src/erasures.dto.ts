import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { SignedBody } from './signed.dto.ts';
import { Optional } from './optional.ts';

/** An order to erase a person. */
export class ErasureBody extends SignedBody {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Whom to erase: the id of the profile, or of one that it absorbed.',
  })
  @Optional()
  @IsUUID()
  profileId?: string;

  @ApiPropertyOptional({ example: 'email', description: 'Instead of `profileId`, with `value`.' })
  @Optional()
  @Matches(/^[a-z0-9_]{1,32}$/, { message: 'namespace must match [a-z0-9_]{1,32}' })
  namespace?: string;

  @ApiPropertyOptional({
    example: 'ayse@example.com',
    description: 'An identifier of the person, as people write it.',
  })
  @Optional()
  @IsString()
  @Length(1, 255)
  value?: string;
}

/** An identifier, without its value. */
export class ErasedIdentifierBody {
  @ApiProperty({ example: 'email' })
  namespace!: string;

  @ApiProperty({ description: 'Its number; anchor_id in SQL.' })
  anchor!: string;
}

/** What the key store did, and what it may have left behind. */
export class ErasedKeysBody {
  @ApiProperty({
    description: 'Identifiers whose references and keys were destroyed; those only guessed of them too.',
  })
  destroyed!: number;

  @ApiProperty({ description: 'Of these, those that are refused from now on.' })
  suppressed!: number;

  @ApiProperty({ description: 'Keys of them that could still be read at the end.' })
  keysLeft!: number;

  @ApiPropertyOptional({
    type: Object,
    nullable: true,
    description:
      'PostgreSQL only: `walUpTo`, the place up to which its write-ahead log may hold old keys, whether that was ' +
      'switched (`walSwitched`), and whether it is archived (`archiving`). `null` where keys are overwritten in place.',
  })
  remains!: object | null;

  @ApiProperty({
    format: 'date-time',
    description: 'Backups of the key store from before this moment still open what was erased: destroy them.',
  })
  backupsBefore!: string;
}

/** What was found in each store when the erasure was finished. */
export class ErasedStoresBody {
  @ApiProperty({ type: ErasedKeysBody })
  keyStore!: ErasedKeysBody;

  @ApiProperty({ type: Object, description: '`rowsLeft` of what was known of the person.' })
  stateStore!: object;

  @ApiProperty({ type: Object, description: '`rowsLeft` by table.' })
  warehouse!: object;

  @ApiProperty({ description: 'What stays in the event log, and why it says nothing any more.' })
  eventLog!: string;
}

/** The certificate of an erasure. */
export class ErasureView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['running', 'done'] })
  state!: 'running' | 'done';

  @ApiProperty({ format: 'uuid' })
  profileId!: string;

  @ApiProperty({ description: 'Who ordered it: role of the API key, or `role:actor`.' })
  actor!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ format: 'date-time' })
  orderedAt!: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  finishedAt!: string | null;

  @ApiProperty({ description: 'Place in the log from which on the person is erased.' })
  position!: string;

  @ApiProperty({ type: [ErasedIdentifierBody], description: 'What was known of the person, without values.' })
  identifiers!: ErasedIdentifierBody[];

  @ApiProperty({
    type: [ErasedIdentifierBody],
    description:
      'Of these, identifiers that events of other people name too. These events keep their copy, and the identifier ' +
      'may be seen again: it is not suppressed.',
  })
  kept!: ErasedIdentifierBody[];

  @ApiProperty({
    type: [ErasedIdentifierBody],
    description:
      'Identifiers that are not only this person’s (shared devices, quarantined addresses, others’) and that their ' +
      'events named. Events sealed under one of them stay.',
  })
  sharedWith!: ErasedIdentifierBody[];

  @ApiPropertyOptional({ type: ErasedStoresBody, nullable: true, description: '`null` while it is running.' })
  stores!: ErasedStoresBody | null;
}
