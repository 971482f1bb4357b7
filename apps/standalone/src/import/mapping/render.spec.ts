import { describe, expect, it } from '@jest/globals';
import { parseMapping } from './parse-mapping.ts';
import { render } from './render.ts';

function rendered(touchpoint: string, fields: Record<string, unknown>, head = ''): unknown {
  const mapping = parseMapping(`{ format: ndjson, ${head} touchpoint: { type: identify, ${touchpoint} } }`);
  const answer = render(mapping, { line: 7, fields }, 'people.csv');
  if (answer.outcome === 'refused') return `${answer.field} ${answer.reason}`;
  return Object.fromEntries(Object.entries(answer.touchpoint).filter(([key]) => key !== 'type'));
}

const trait = (value: string, fields: Record<string, unknown>): unknown => {
  const answer = rendered(`userId: u, traits: { v: ${value} }`, fields);
  return typeof answer === 'string' ? answer : (answer as { traits?: { v: unknown } }).traits?.v;
};

describe('placeholders', () => {
  it('put columns, the line and the file into texts', () => {
    expect(trait('"{file}-{line}: {name}"', { name: 'Ayşe' })).toBe('people.csv-7: Ayşe');
    expect(trait('"{{name}}"', { name: 'x' })).toBe('{name}');
    expect(trait('"{n} of {o}"', { n: 1.5, o: { a: [true] } })).toBe('1.5 of {"a":[true]}');
  });

  it('keep the type where one stands alone', () => {
    expect(trait('"{v}"', { v: '007' })).toBe('007');
    expect(trait('"{v}"', { v: 1.5 })).toBe(1.5);
    expect(trait('"{v}"', { v: { a: 1 } })).toEqual({ a: 1 });
    expect(trait('"{line}"', {})).toBe(7);
  });

  it('look inside nested values, whole names first', () => {
    expect(trait('"{a.b}"', { a: { b: 1 } })).toBe(1);
    expect(trait('"{a.b}"', { 'a.b': 2, a: { b: 1 } })).toBe(2);
    expect(trait('"{a.b.c}"', { a: { b: 'text' } })).toBeUndefined();
    expect(trait('"{constructor}"', {})).toBeUndefined();
  });
});

describe('what is empty falls away', () => {
  it.each([[''], [null], [undefined]])('%j', (v) => {
    expect(rendered('userId: "{v}", anonymousId: "{a}"', { v, a: 'x' })).toEqual({ anonymousId: 'x' });
    expect(rendered('userId: u, traits: { v: "{v}" }', { v })).toEqual({ userId: 'u' });
    expect(rendered('userId: "crm-{v}"', { v })).toEqual({});
    expect(trait('{ from: v, as: number }', { v })).toBeUndefined();
    expect(trait('{ from: v, as: number, default: 0 }', { v })).toBe(0);
    expect(trait('{ from: v, as: text, keepEmpty: true }', { v })).toBe('');
  });

  it('drops an identifier without its value whole', () => {
    const ids = 'userId: u, context: { externalIds: [{ id: "{a}", type: crm }, { id: "{b}", type: club }] }';
    expect(rendered(ids, { a: '', b: '2' })).toMatchObject({
      context: { externalIds: [{ id: '2', type: 'club' }] },
    });
    expect(rendered(ids, {})).toEqual({ userId: 'u' });
  });

  it('but zero and false are values', () => {
    expect(trait('"{v}"', { v: 0 })).toBe(0);
    expect(trait('"{v}"', { v: false })).toBe(false);
  });

  it('refuses a row without its time', () => {
    expect(rendered('userId: u, timestamp: { from: d, as: date }', { d: '' })).toBe('timestamp is empty');
  });
});

describe('typed values', () => {
  it.each([
    ['{ from: v, as: text }', 5, '5'],
    ['{ from: v, as: number }', ' +1.50 ', 1.5],
    ['{ from: v, as: number, comma: true }', '1.234,5', 1234.5],
    ['{ from: v, as: decimal }', '0012.3400', '0012.3400'],
    ['{ from: v, as: decimal }', '99999999999999.9999', '99999999999999.9999'],
    ['{ from: v, as: decimal, comma: true }', '-1.234.567,89', '-1234567.89'],
    ['{ from: v, as: decimal, comma: true }', '12,5', '12.5'],
    ['{ from: v, as: boolean }', 'YES', true],
    ['{ from: v, as: boolean }', 0, false],
    ['{ from: v, as: json }', '{"a":[1]}', { a: [1] }],
    ['{ from: v, as: json }', { a: 1 }, { a: 1 }],
    ['{ from: v, as: date, format: "%d.%m.%Y" }', '31.12.1997', '1997-12-31T00:00:00.000Z'],
    ['{ from: v, as: date, format: unix }', 86_400, '1970-01-02T00:00:00.000Z'],
  ])('%s of %j', (value, v, expected) => {
    expect(trait(value, { v })).toEqual(expected);
  });

  it.each([
    ['{ from: v, as: number }', '12,5'],
    ['{ from: v, as: number }', '0x10'],
    ['{ from: v, as: number }', 'Infinity'],
    ['{ from: v, as: number }', '9007199254740993'],
    ['{ from: v, as: decimal }', '1e5'],
    ['{ from: v, as: decimal, comma: true }', '12.50'],
    ['{ from: v, as: boolean }', 'maybe'],
    ['{ from: v, as: json }', '{'],
    ['{ from: v, as: date }', '31.12.1997'],
  ])('%s refuses %j and does not quote it', (value, v) => {
    const answer = trait(value, { v }) as string;
    expect(answer).toMatch(/^traits\.v column v is /);
    expect(answer).not.toContain(v);
  });

  it('reads dates in the zone of the mapping', () => {
    const answer = rendered(
      'userId: u, timestamp: { from: d, as: date }',
      { d: '2024-01-01' },
      'timezone: Europe/Istanbul,',
    );
    expect(answer).toMatchObject({ timestamp: '2023-12-31T21:00:00.000Z' });
  });
});
