import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One item of the Segment wire format, as the API description shows it. The collector judges it by itself. */
export class ItemBody {
  @ApiPropertyOptional({
    enum: ['track', 'identify', 'page', 'screen', 'group', 'alias'],
    description: 'In a batch.',
  })
  type?: string;

  @ApiPropertyOptional({ description: 'Required for track.' })
  event?: string;

  @ApiPropertyOptional({
    description: 'Id in your own system. One of userId, anonymousId or another identifier is needed.',
  })
  userId?: string;

  @ApiPropertyOptional()
  anonymousId?: string;

  @ApiPropertyOptional({
    maxLength: 100,
    description: 'The same id again is the same event. Derived if absent.',
  })
  messageId?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it happened, by the clock of the sender.' })
  timestamp?: string;

  @ApiPropertyOptional({ type: Object })
  properties?: object;

  @ApiPropertyOptional({ type: Object })
  traits?: object;

  @ApiPropertyOptional({ type: Object })
  context?: object;
}

/** A batch: items, and what they share. */
export class BatchBody {
  @ApiProperty({ type: [ItemBody], maxItems: 2_500 })
  batch!: ItemBody[];

  @ApiPropertyOptional({ format: 'date-time' })
  sentAt?: string;

  @ApiPropertyOptional({ type: Object, description: 'Merged into each item; the item wins.' })
  context?: object;
}

/** What is wrong with one item. */
export class ItemErrorBody {
  @ApiProperty({ description: 'Place in the batch, from 0.' })
  index!: number;

  @ApiProperty()
  code!: string;

  @ApiProperty()
  field!: string;

  @ApiProperty()
  message!: string;

  @ApiPropertyOptional()
  limit?: number;
}

/** Answer to an ingest call. */
export class IngestAnswerBody {
  @ApiProperty()
  success!: boolean;

  @ApiPropertyOptional({ description: 'Log position, decimal: pass it as ?after= to read your own write.' })
  position?: string;

  @ApiPropertyOptional({ type: [ItemErrorBody], description: 'Items that were not stored.' })
  errors?: ItemErrorBody[];

  @ApiPropertyOptional({ type: [ItemErrorBody], description: 'Items that were stored with a remark.' })
  warnings?: ItemErrorBody[];
}

/** A link for one mail. */
export class LinkBody {
  @ApiProperty({ enum: ['open', 'click'] })
  kind!: string;

  @ApiPropertyOptional({ description: 'Where a click leads: http or https.', maxLength: 2_048 })
  url?: string;

  @ApiPropertyOptional({ description: 'Whom the mail goes to; one of these identifiers is needed.' })
  userId?: string;

  @ApiPropertyOptional()
  anonymousId?: string;

  @ApiPropertyOptional()
  email?: string;

  @ApiPropertyOptional()
  phone?: string;

  @ApiPropertyOptional({ type: [Object], description: '[{ id, type }]' })
  externalIds?: object[];

  @ApiPropertyOptional({ type: Object, description: 'name, source, medium, term, content' })
  campaign?: object;

  @ApiPropertyOptional({ type: Object })
  properties?: object;
}

/** Links for mails. */
export class LinksBody {
  @ApiProperty({ type: [LinkBody], maxItems: 1_000 })
  links!: LinkBody[];
}
