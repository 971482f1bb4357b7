import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Matches } from 'class-validator';
import { REPORT_NAME } from '#config';
import { ANALYSES } from './analyses.ts';
import type { Analysis } from './analyses.ts';
import { Optional } from '../optional.ts';

/** A question to save. */
export class SaveReportBody {
  @ApiPropertyOptional({ description: 'The workspace of the key; another one is refused.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiProperty({ example: 'checkout', description: '[a-z0-9_-]{1,64}; a report of this name is replaced.' })
  @Matches(REPORT_NAME, { message: 'name must match [a-z0-9_-]{1,64}' })
  name!: string;

  @ApiProperty({ enum: ANALYSES })
  @IsIn(ANALYSES)
  kind!: Analysis;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The body of that analysis.' })
  @IsObject()
  definition!: Record<string, unknown>;
}

/** A saved question. */
export class ReportBody {
  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ANALYSES })
  kind!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  definition!: Readonly<Record<string, unknown>>;

  @ApiProperty({ format: 'date-time' })
  savedAt!: string;

  @ApiProperty({ description: 'Role of the key that saved it.' })
  savedBy!: string;
}

/** A question that was saved. */
export class ReportSavedBody extends ReportBody {
  @ApiProperty({ description: 'Log position of the change.' })
  position!: string;
}
