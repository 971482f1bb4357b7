import { ApiProperty } from '@nestjs/swagger';
import { AskedAnswer } from './asked-answer.dto.ts';

/** A node of a Sankey diagram. */
export class PathNodeAnswer {
  @ApiProperty({ type: String, description: '<step>:<event>' })
  id!: string;

  @ApiProperty({ type: Number })
  step!: number;

  @ApiProperty({ type: String })
  event!: string;

  @ApiProperty({ type: Number })
  count!: number;
}

/** A link of a Sankey diagram. */
export class PathLinkAnswer {
  @ApiProperty({ type: String })
  source!: string;

  @ApiProperty({ type: String })
  target!: string;

  @ApiProperty({ type: Number })
  count!: number;
}

/** An event and the one after it, over the whole length of paths. */
export class TransitionAnswer {
  @ApiProperty({ type: String })
  from!: string;

  @ApiProperty({ type: String })
  to!: string;

  @ApiProperty({ type: Number })
  count!: number;
}

/** Paths. */
export class PathsAnswer extends AskedAnswer {
  @ApiProperty({ type: Number })
  paths!: number;

  @ApiProperty({ type: [PathNodeAnswer] })
  nodes!: PathNodeAnswer[];

  @ApiProperty({ type: [PathLinkAnswer] })
  links!: PathLinkAnswer[];

  @ApiProperty({ type: [TransitionAnswer] })
  transitions!: TransitionAnswer[];
}
