import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';

/** What a name is given by a model. */
export class CreditAnswer {
  @ApiProperty({ type: String })
  name!: string;

  @ApiProperty({ type: Number })
  conversions!: number;

  @ApiProperty({ type: Number, nullable: true })
  share!: number | null;

  @ApiProperty({ type: Number })
  value!: number;

  @ApiProperty({ type: Number, required: false, description: 'Of markov.' })
  removalEffect?: number;

  @ApiProperty({ type: Number, required: false, description: 'Of markov.' })
  valueRemovalEffect?: number;
}

/** Conversions without a touch. */
export class UnattributedAnswer {
  @ApiProperty({ type: Number })
  conversions!: number;

  @ApiProperty({ type: Number })
  value!: number;
}

/** A model that cannot be answered. */
export class LeftModelAnswer {
  @ApiProperty({ type: String })
  model!: string;

  @ApiProperty({ type: String })
  reason!: string;
}

/** The chain. */
export class MarkovAnswer {
  @ApiProperty({ type: Number })
  order!: number;

  @ApiProperty({ type: Number })
  pConversion!: number;
}

/** One of the most frequent paths. */
export class AttributionPathAnswer {
  @ApiProperty({ type: [String] })
  path!: string[];

  @ApiProperty({ type: Number })
  conversions!: number;

  @ApiProperty({ type: Number })
  value!: number;

  @ApiProperty({ type: Number })
  nulls!: number;
}

/** An attribution; the last three fields are absent where the paths were given. */
@ApiExtraModels(CreditAnswer)
export class AttributionAnswer {
  @ApiProperty({ type: Number })
  conversions!: number;

  @ApiProperty({ type: Number })
  value!: number;

  @ApiProperty({ type: Number, description: 'Paths that did not convert.' })
  nulls!: number;

  @ApiProperty({ type: UnattributedAnswer })
  unattributed!: UnattributedAnswer;

  @ApiProperty({
    type: 'object',
    description: 'Credits by model.',
    additionalProperties: { type: 'array', items: { $ref: getSchemaPath(CreditAnswer) } },
  })
  models!: Record<string, CreditAnswer[]>;

  @ApiProperty({ type: [LeftModelAnswer] })
  left!: LeftModelAnswer[];

  @ApiProperty({ type: MarkovAnswer, required: false })
  markov?: MarkovAnswer;

  @ApiProperty({ type: [AttributionPathAnswer] })
  paths!: AttributionPathAnswer[];

  @ApiProperty({ type: String, required: false })
  sql?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  parameters?: Record<string, unknown>;

  @ApiProperty({ type: Number, required: false })
  ms?: number;
}
