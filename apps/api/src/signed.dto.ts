import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import type { Caller } from './access.ts';
import { Optional } from './optional.ts';

/** What people who change something sign it with. */
export class SignedBody {
  @ApiProperty({ description: 'Why; stands in the log for ever: no personal data.' })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason!: string;

  @ApiPropertyOptional({ description: 'Who orders it, as your own staff id: no name, no address.' })
  @Optional()
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: 'actor must match [A-Za-z0-9_.-]{1,64}' })
  actor?: string;
}

/** Who did it, as the log keeps it: the role of the API key, and the name they gave themselves. */
export function signatureOf({ role }: Pick<Caller, 'role'>, { actor }: Pick<SignedBody, 'actor'>): string {
  return actor === undefined ? role : `${role}:${actor}`;
}
