import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, Matches, Max, Min } from 'class-validator';
import { FIT_BASES, FIT_MODELS } from '#config';
import type { FitRequest } from '#config';
import { dayOf } from '#scoring';
import { problem } from './access.ts';
import { Optional } from './optional.ts';

/** Longest horizon that can be asked for, days: ten years. */
const MAX_HORIZON_DAYS = 3_650;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What a fit shall be. Everything has a default: an empty body is a fit of all purchases. */
export class FitBody {
  @ApiPropertyOptional({
    enum: FIT_MODELS,
    default: 'auto',
    description:
      'auto tries the three models of purchases and keeps the one that foretells held-out days best.',
  })
  @Optional()
  @IsIn(FIT_MODELS)
  model?: FitRequest['model'];

  @ApiPropertyOptional({
    enum: FIT_BASES,
    description: 'What is counted. Absent: purchases, or activity in a workspace without any order.',
  })
  @Optional()
  @IsIn(FIT_BASES)
  basis?: (typeof FIT_BASES)[number];

  @ApiPropertyOptional({
    enum: ['week', 'day'],
    default: 'week',
    description: 'Unit of the parameters; a week is days/7.',
  })
  @Optional()
  @IsIn(['week', 'day'])
  timeUnit?: FitRequest['timeUnit'];

  @ApiPropertyOptional({
    example: '1997-01-01',
    description: 'First UTC day that counts; orders before it are ignored.',
  })
  @Optional()
  @Matches(DATE, { message: 'start must be a date, YYYY-MM-DD' })
  start?: string;

  @ApiPropertyOptional({
    example: '1997-09-30',
    description:
      'Last UTC day included; later purchases only judge the fit. Absent: the newest day there is, and later purchases move scores.',
  })
  @Optional()
  @Matches(DATE, { message: 'cutoff must be a date, YYYY-MM-DD' })
  cutoff?: string;

  @ApiPropertyOptional({ example: 'USD', description: 'ISO 4217. Absent: the currency of most orders.' })
  @Optional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters (ISO 4217)' })
  currency?: string;

  @ApiPropertyOptional({
    default: 365,
    description: 'Days after the cutoff that the lifetime value counts, 1 to 3650.',
  })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_HORIZON_DAYS)
  horizonDays?: number;

  @ApiPropertyOptional({
    description:
      'Days without a purchase that are called churn, 1 to 3650. Absent: horizonDays where it was given, else 90.',
  })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_HORIZON_DAYS)
  churnHorizonDays?: number;

  @ApiPropertyOptional({ default: 1, description: 'Share of revenue that is kept, 0.0001 to 1.' })
  @Optional()
  @IsNumber()
  @Min(0.0001)
  @Max(1)
  margin?: number;

  @ApiPropertyOptional({
    default: 0.1,
    description: 'Effective annual discount rate, 0 to 10: 0.1 is 10 % a year.',
  })
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(10)
  discountRate?: number;
}

/** A fit that is asked for again and again; its cutoff is always the newest day there is. */
export class FitScheduleBody extends FitBody {
  @ApiProperty({ example: 24, description: 'Hours from one fit to the next, 1 to 8760.' })
  @IsInt()
  @Min(1)
  @Max(8_760)
  everyHours!: number;
}

/** Name of a schedule in a path. */
export const SCHEDULE_NAME = /^[a-z0-9_-]{1,64}$/;

const DEFAULT_HORIZON_DAYS = 365;
const DEFAULT_CHURN_DAYS = 90;

/**
 * The request of a body, with its defaults. Throws 400 naming the field for dates that are none, or lie wrong.
 *
 * @param today UTC date, `YYYY-MM-DD`
 */
export function fitRequestOf(body: FitBody, today: string): FitRequest {
  const { start = null, cutoff = null, horizonDays, model = 'auto', basis = null } = body;
  const errors: { field: string; message: string }[] = [];
  for (const [field, date] of Object.entries({ start, cutoff })) {
    if (date === null) continue;
    if (!isDate(date)) errors.push({ field, message: 'is no day of the calendar' });
    else if (date < '1970-01-01') errors.push({ field, message: 'must not lie before 1970-01-01' });
    else if (date > today) errors.push({ field, message: `must not lie after today, ${today} in UTC` });
  }
  if (errors.length === 0 && start !== null && cutoff !== null && start > cutoff) {
    errors.push({ field: 'start', message: 'must not lie after cutoff' });
  }
  if (basis === 'activity' && body.currency !== undefined) {
    errors.push({ field: 'currency', message: 'has no meaning for activity' });
  }
  if (basis === 'activity' && model === 'gamma_gamma') {
    errors.push({ field: 'model', message: 'gamma_gamma fits money, which activity has none of' });
  }
  if (errors.length > 0) throw problem(400, 'the body has fields that cannot be taken', { errors });
  return {
    model,
    basis,
    timeUnit: body.timeUnit ?? 'week',
    start,
    cutoff,
    currency: body.currency ?? null,
    horizonDays: horizonDays ?? DEFAULT_HORIZON_DAYS,
    churnHorizonDays: body.churnHorizonDays ?? horizonDays ?? DEFAULT_CHURN_DAYS,
    margin: body.margin ?? 1,
    discountRate: body.discountRate ?? 0.1,
  };
}

function isDate(text: string): boolean {
  const day = dayOf(text);
  return Number.isInteger(day) && new Date(day * 86_400_000).toISOString().startsWith(text);
}
