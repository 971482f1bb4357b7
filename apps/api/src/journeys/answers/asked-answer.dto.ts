import { ApiProperty } from '@nestjs/swagger';

/** How an answer was found. */
export class AskedAnswer {
  @ApiProperty({ type: String, description: 'The statement that ran, for the SQL door.' })
  sql!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Values of its placeholders: param_<name> at the door.',
  })
  parameters!: Record<string, unknown>;

  @ApiProperty({ type: Number, description: 'How long the engine took, its queue included.' })
  ms!: number;
}
