import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';

/** Rules of identity to try. */
export class PlanRulesBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'What is other than by default: `namespaces` {name: {class, limit, quarantineAt, conflictPolicy}}, `maxMembers`, ' +
      '`floodAt` {unique, contact, device}, `blocked` [{namespace, value} or {anchor}]. `{}` are the defaults.',
    example: { namespaces: { email: { limit: 3 } }, blocked: [{ namespace: 'user_id', value: 'kiosk-1' }] },
  })
  @IsObject()
  changes!: Record<string, unknown>;
}

/** Rules of identity to publish. */
export class PublishRulesBody extends PlanRulesBody {
  @ApiProperty({ description: 'The version that is published now, as GET shows it; 0: the defaults.' })
  @IsInt()
  @Min(0)
  expectedVersion!: number;

  @ApiProperty({ description: 'Why; stands in the log for ever: no personal data.' })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason!: string;

  @ApiPropertyOptional({ description: 'Who publishes them, as your own staff id: no name, no address.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: 'actor must match [A-Za-z0-9_.-]{1,64}' })
  actor?: string;
}
