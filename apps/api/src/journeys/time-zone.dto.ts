import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, ValidateBy } from 'class-validator';
import { isTimeZone } from '#journey';
import { Optional } from '../optional.ts';

/** An IANA time zone. */
export const IsZone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTimeZoneName',
    validator: {
      validate: (value) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => '$property must be the IANA name of a time zone, such as Europe/Istanbul',
    },
  });

/** The time zone of a workspace's days, weeks and months. */
export class TimeZoneBody {
  @ApiPropertyOptional({ description: 'Absent: that of the key.' })
  @Optional()
  @IsString()
  workspace?: string;

  @ApiProperty({ description: 'IANA name.', example: 'Europe/Istanbul' })
  @IsZone()
  timeZone!: string;
}
