import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MappingInvalid } from '../errors.ts';
import { checkColumns, parseMapping } from './parse-mapping.ts';

const touchpoint = 'touchpoint: { type: identify, userId: "{id}" }';

function complaints(yaml: string): string[] {
  try {
    parseMapping(yaml);
  } catch (error) {
    if (error instanceof MappingInvalid)
      return error.problems.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

describe('parseMapping', () => {
  it('takes the example of CDNOW', () => {
    const mapping = parseMapping(readFileSync(new URL('../cdnow.mapping.yaml', import.meta.url), 'utf8'));
    expect(mapping).toMatchObject({ format: { kind: 'fixed', encoding: 'utf-8', skip: 0 }, timezone: 'UTC' });
    expect(mapping.uses.map(({ column }) => column)).toEqual(['master_id', 'date', 'dollars', 'cds']);
  });

  it('fills in what CSV leaves out', () => {
    expect(parseMapping(`{ format: csv, header: true, ${touchpoint} }`).format).toEqual({
      kind: 'csv',
      encoding: 'utf-8',
      skip: 0,
      columns: 'header',
      delimiter: ',',
      quote: '"',
    });
  });

  it.each([
    ['format: xml', 'format is not known: one of csv, ndjson, parquet, fixed, text'],
    ['{ format: csv, header: true, delimeter: ";" }', 'delimeter is unknown here; format csv takes'],
    ['{ format: csv }', 'columns is needed where header is not true'],
    ['{ format: csv, header: true, columns: [id] }', 'columns is needed where header is not true'],
    ['{ format: csv, header: true, quote: "<<" }', 'quote must be one character, or false'],
    ['{ format: csv, columns: [id, id] }', 'columns has a name twice'],
    ['{ format: ndjson, encoding: klingon }', 'encoding is not known'],
    ['{ format: ndjson, timezone: Mars/Olympus }', 'timezone is not known'],
    ['{ format: ndjson, skip: -1 }', 'skip must be a whole number from 0 on'],
    ['{ format: text, columns: [id], separator: "(" }', 'separator is not a regular expression'],
    ['{ format: text, columns: [id], separator: "a*" }', 'separator must not match the empty text'],
    [
      '{ format: fixed, columns: [{ name: id, start: 0 }] }',
      'columns[0].start must be a whole number from 1 on',
    ],
    ['{ format: parquet, skip: 1 }', 'skip is unknown here'],
  ])('finds the fault of %s', (head, complaint) => {
    const yaml = head.startsWith('{') ? `{ ${head.slice(1, -1)}, ${touchpoint} }` : `${head}\n${touchpoint}`;
    expect(complaints(yaml).join('\n')).toContain(complaint);
  });

  it.each([
    ['{ userId: "{id}" }', 'touchpoint.type is missing'],
    ['{ type: buy }', 'touchpoint.type must be one of track'],
    ['{ type: track, event: x, userId: "{id}" }', 'touchpoint.timestamp is missing'],
    ['{ type: identify, propertes: {} }', 'touchpoint.propertes is unknown here'],
    ['{ type: identify, sentAt: "{id}" }', 'touchpoint.sentAt is unknown here'],
    ['{ type: identify, userId: "{id" }', 'touchpoint.userId has a "{" without'],
    ['{ type: identify, userId: "id}" }', 'touchpoint.userId has a "}" without'],
    ['{ type: identify, traits: { a: [{ from: id }] } }', 'touchpoint.traits.a[0].as is missing'],
    ['{ type: identify, traits: { a: { from: id, as: money } } }', 'touchpoint.traits.a.as is not known'],
    [
      '{ type: identify, traits: { a: { from: id, as: date, format: "%d.%m" } } }',
      'touchpoint.traits.a.format takes',
    ],
    [
      '{ type: identify, traits: { a: { from: id, as: text, comma: true } } }',
      'touchpoint.traits.a.comma is for',
    ],
    [
      '{ type: identify, traits: { a: { from: id, as: text, form: x } } }',
      'touchpoint.traits.a.form is unknown',
    ],
  ])('finds the fault of the touchpoint %s', (value, complaint) => {
    expect(complaints(`{ format: ndjson, touchpoint: ${value} }`).join('\n')).toContain(complaint);
  });

  it('tells all that is wrong at once, and where YAML itself breaks', () => {
    expect(complaints('{ format: csv, skip: x, touchpoint: { type: 1 } }')).toHaveLength(3);
    expect(complaints('format: csv\nformat: csv').join()).toMatch(/unique.*line 2/s);
    expect(complaints('[]')).toHaveLength(1);
    expect(complaints('')).toHaveLength(1);
  });

  it('leaves maps alone that only look like typed values', () => {
    expect(
      complaints('{ format: ndjson, touchpoint: { type: identify, traits: { from: "{a}", to: "{b}" } } }'),
    ).toEqual([]);
  });

  it('says which column is not there, and which are', () => {
    const named = (columns: string): string[] =>
      complaints(`{ format: csv, columns: ${columns}, ${touchpoint} }`);
    expect(named('[id]')).toEqual([]);
    expect(named('[ids, name]')).toEqual([
      'touchpoint.userId there is no column "id"; the file has ids, name',
    ]);
    expect(() => checkColumns([{ column: 'address.city', path: 'p' }], ['address'])).not.toThrow();
  });

  it('gives equal texts for mappings that say the same', () => {
    const plain = parseMapping(`{ format: ndjson, ${touchpoint} }`).text;
    expect(parseMapping(`# why\nformat:   ndjson\n${touchpoint}`).text).toBe(plain);
    expect(parseMapping(`{ format: ndjson, timezone: UTC, ${touchpoint} }`).text).not.toBe(plain);
  });
});
