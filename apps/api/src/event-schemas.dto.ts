import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Matches, MaxLength } from 'class-validator';
import { SCHEMA_KINDS } from '#config';
import type { JsonSchema, SchemaKind } from '#config';
import { Optional } from './optional.ts';

/** Longest name of an event that can have a schema. */
const MAX_EVENT_NAME = 255;

/** Which events a schema is for. */
export class SchemaTargetBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiPropertyOptional({ enum: SCHEMA_KINDS, default: 'track' })
  @Optional()
  @IsIn(SCHEMA_KINDS)
  kind?: SchemaKind;

  @ApiPropertyOptional({ example: 'Order Completed', description: 'Name of a track; other kinds have none.' })
  @Optional()
  @IsString()
  @MaxLength(MAX_EVENT_NAME)
  event?: string;

  @ApiPropertyOptional({
    description: 'A source whose events are held to it; absent: all that have no own one.',
  })
  @Optional()
  @Matches(/^[a-z0-9_]{1,32}$/, { message: 'source must match [a-z0-9_]{1,32}' })
  source?: string;
}

/** A schema to set. */
export class SetSchemaBody extends SchemaTargetBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'JSON Schema, 2020-12 or draft-07, of `properties` (track, page, screen) or `traits` (identify, group).',
  })
  @IsObject()
  schema!: JsonSchema;
}

/** A schema in force. */
export class EventSchemaBody {
  @ApiProperty({ enum: SCHEMA_KINDS })
  kind!: string;

  @ApiProperty({ type: String, nullable: true })
  event!: string | null;

  @ApiProperty({ type: String, nullable: true })
  source!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  schema!: JsonSchema;

  @ApiProperty({ format: 'date-time' })
  setAt!: string;
}

/** A schema that was set. */
export class SchemaSetBody extends EventSchemaBody {
  @ApiProperty({ description: 'Log position of the change.' })
  position!: string;
}
