import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { IdentifierBody } from './identity.dto.ts';

/** What to explain: the person of one identifier, or what two identifiers have to do with each other. */
export class ExplainBody {
  @ApiProperty({ type: [IdentifierBody], description: 'One identifier, or two.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @Type(() => IdentifierBody)
  identifiers!: IdentifierBody[];
}
