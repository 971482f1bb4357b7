import { ApiProperty } from '@nestjs/swagger';
import { AskedAnswer } from './asked-answer.dto.ts';

/** Who of a cohort was back in a period. */
export class RetentionPeriodAnswer {
  @ApiProperty({ type: Number, description: '0 is the cohort itself.' })
  period!: number;

  @ApiProperty({ type: Number })
  returned!: number;

  @ApiProperty({ type: Number, nullable: true })
  rate!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  fromPrevious!: number | null;

  @ApiProperty({ type: Boolean, description: 'Events of the period may still come.' })
  incomplete!: boolean;
}

/** A cohort. */
export class RetentionCohortAnswer {
  @ApiProperty({ type: String, required: false, description: 'First day of its period.' })
  start?: string;

  @ApiProperty({ type: String, nullable: true, required: false, description: 'Of the breakdown.' })
  value?: string | null;

  @ApiProperty({ type: Number })
  size!: number;

  @ApiProperty({ type: [RetentionPeriodAnswer] })
  periods!: RetentionPeriodAnswer[];
}

/** A period over all cohorts. */
export class RetentionAverageAnswer {
  @ApiProperty({ type: Number })
  period!: number;

  @ApiProperty({ type: Number })
  size!: number;

  @ApiProperty({ type: Number })
  returned!: number;

  @ApiProperty({ type: Number, nullable: true })
  rate!: number | null;

  @ApiProperty({ type: Number, description: 'For which the period is over.' })
  completeCohorts!: number;

  @ApiProperty({ type: Number })
  completeSize!: number;

  @ApiProperty({ type: Number })
  completeReturned!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Large cohorts weigh more.' })
  completeRate!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Every cohort weighs the same.' })
  meanRate!: number | null;
}

/** A retention. */
export class RetentionAnswer extends AskedAnswer {
  @ApiProperty({ type: Number })
  size!: number;

  @ApiProperty({ type: [RetentionAverageAnswer] })
  periods!: RetentionAverageAnswer[];

  @ApiProperty({ type: [RetentionCohortAnswer] })
  cohorts!: RetentionCohortAnswer[];
}
