import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { IsInt, IsObject, Min } from 'class-validator';
import { SignedBody } from './signed.dto.ts';

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
export class PublishRulesBody extends IntersectionType(PlanRulesBody, SignedBody) {
  @ApiProperty({ description: 'The version that is published now, as GET shows it; 0: the defaults.' })
  @IsInt()
  @Min(0)
  expectedVersion!: number;
}
