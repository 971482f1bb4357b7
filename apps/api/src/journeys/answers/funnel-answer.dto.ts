import { ApiProperty } from '@nestjs/swagger';
import { AskedAnswer } from './asked-answer.dto.ts';

/** Times of those who came, seconds; null where nobody did. */
export class DurationsAnswer {
  @ApiProperty({ type: Number, nullable: true })
  average!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p10!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p25!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  median!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p75!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p90!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p95!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  p99!: number | null;
}

/** What became of a step. */
export class FunnelStepAnswer {
  @ApiProperty({ type: Number, description: 'From 1.' })
  step!: number;

  @ApiProperty({ type: Number, description: 'Came to it or farther.' })
  count!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Share of those that began.' })
  fromFirst!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Share of those at the step before.' })
  fromPrevious!: number | null;

  @ApiProperty({ type: Number, description: 'Came here and no farther.' })
  dropped!: number;

  @ApiProperty({ type: DurationsAnswer, nullable: true })
  timeFromPrevious!: DurationsAnswer | null;
}

/** The funnel of those with one value of the breakdown. */
export class FunnelGroupAnswer {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'null: without a value. Of a segment the name of its group.',
  })
  value!: string | null;

  @ApiProperty({ type: Number })
  entered!: number;

  @ApiProperty({ type: Number })
  converted!: number;

  @ApiProperty({ type: Number, nullable: true })
  conversion!: number | null;

  @ApiProperty({ type: [FunnelStepAnswer] })
  steps!: FunnelStepAnswer[];

  @ApiProperty({ type: DurationsAnswer })
  timeToConvert!: DurationsAnswer;
}

/** A funnel. */
export class FunnelAnswer extends AskedAnswer {
  @ApiProperty({ type: Number })
  entered!: number;

  @ApiProperty({ type: Number })
  converted!: number;

  @ApiProperty({ type: Number, nullable: true })
  conversion!: number | null;

  @ApiProperty({ type: [FunnelStepAnswer] })
  steps!: FunnelStepAnswer[];

  @ApiProperty({ type: DurationsAnswer })
  timeToConvert!: DurationsAnswer;

  @ApiProperty({
    type: [FunnelGroupAnswer],
    required: false,
    description: 'With a breakdown: the largest groups.',
  })
  groups?: FunnelGroupAnswer[];

  @ApiProperty({
    type: [Number],
    required: false,
    description: 'Who came to each step in all further groups.',
  })
  others?: number[];
}

/** One history of a funnel. */
export class FunnelPersonAnswer {
  @ApiProperty({ type: String, description: 'Of the person, session or account.' })
  id!: string;

  @ApiProperty({ type: String })
  profileId!: string;

  @ApiProperty({ type: Number, description: 'How far it came.' })
  steps!: number;

  @ApiProperty({ type: String })
  startedAt!: string;

  @ApiProperty({ type: String })
  endedAt!: string;
}

/** Who came to a step of a funnel, or was lost there. */
export class FunnelPeopleAnswer extends AskedAnswer {
  @ApiProperty({ type: [FunnelPersonAnswer] })
  people!: FunnelPersonAnswer[];

  @ApiProperty({ type: String, required: false, description: 'Of the next page; absent on the last one.' })
  cursor?: string;
}
