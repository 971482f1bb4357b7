import { ApiProperty } from '@nestjs/swagger';
import { AskedAnswer } from './asked-answer.dto.ts';

/** Who was active in a period. */
export class LifecyclePeriodAnswer {
  @ApiProperty({ type: String, description: 'First day.' })
  start!: string;

  @ApiProperty({ type: Number })
  new!: number;

  @ApiProperty({ type: Number })
  returning!: number;

  @ApiProperty({ type: Number })
  resurrected!: number;

  @ApiProperty({ type: Number })
  dormant!: number;

  @ApiProperty({ type: Number })
  active!: number;

  @ApiProperty({ type: Number, nullable: true })
  quickRatio!: number | null;

  @ApiProperty({ type: Boolean })
  incomplete!: boolean;
}

/** A life cycle. */
export class LifecycleAnswer extends AskedAnswer {
  @ApiProperty({ type: [LifecyclePeriodAnswer] })
  periods!: LifecyclePeriodAnswer[];
}
