import { readFileSync } from 'node:fs';
import type { Purchase } from '../history/summarise-purchases.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);
const DAY = 86_400_000;

/** A fixture file's text. */
export function fixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

/** A fixture of JSON, unchecked. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- golden values are read by path, each use checks its own
export function golden(name: string): any {
  return JSON.parse(fixture(name));
}

/** UTC day of an ISO date, counted from 1970-01-01. */
export function utcDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** Start of CDNOW, end of its calibration period and of its holdout. */
export const CDNOW = {
  start: utcDay('1997-01-01'),
  cutoff: utcDay('1997-09-30'),
  until: utcDay('1998-06-30'),
} as const;

/** The CDNOW sample's 6,919 transactions. Customers are the sample ids without leading zeros. */
export function cdnowPurchases(): Purchase[] {
  return fixture('cdnow-sample.txt')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, sample, date, , dollars] = line.trim().split(/\s+/) as [
        string,
        string,
        string,
        string,
        string,
      ];
      return {
        customer: String(Number(sample)),
        day: utcDay(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`),
        revenue: Number(dollars),
      };
    });
}
