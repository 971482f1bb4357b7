import { describe, expect, it } from '@jest/globals';
import { ITEMS_LIMIT, splitDelivery } from './split-delivery.ts';

function split(
  body: string,
  type: string | undefined = 'application/json',
  query?: Record<string, unknown>,
): unknown {
  const result = splitDelivery(Buffer.from(body), type, query);
  return result.outcome === 'refused' ? result.message : result.items.map(({ item }) => item);
}

describe('splitDelivery', () => {
  it('splits arrays and lines, and nothing else', () => {
    expect(split('{"a":1}')).toEqual([{ a: 1 }]);
    expect(split('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(split('\ufeff{"a":1}\n{"a":2}\n', 'application/x-ndjson')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(split('{"a":[{"b":1},{"b":2}]}')).toEqual([{ a: [{ b: 1 }, { b: 2 }] }]);
    expect(split('[]')).toEqual([]);
  });

  it('keeps numbers that a double would change', () => {
    expect(
      split('{"a":94857068804950690,"b":1.10,"c":9007199254740991,"d":-9007199254740993,"e":1e400}'),
    ).toEqual([{ a: '94857068804950690', b: 1.1, c: 9007199254740991, d: '-9007199254740993', e: '1e400' }]);
    expect(split('{"a":"id 94857068804950690","b\\"94857068804950690":1,"t":1521243339.873676}')).toEqual([
      { a: 'id 94857068804950690', 'b"94857068804950690': 1, t: 1521243339.873676 },
    ]);
    expect(split('[012345678901234567890]')).toBe('the body is no valid JSON, and its lines are none either');
  });

  it('unwraps named events only', () => {
    expect(split('{"destination":"x","events":[{"type":"message"},{"type":"follow"}]}')).toEqual([
      { type: 'message', envelope: { destination: 'x' } },
      { type: 'follow', envelope: { destination: 'x' } },
    ]);
    expect(split('{"data":{"events":[{"event":"open"}],"n":1},"v":2}')).toEqual([
      { event: 'open', envelope: { v: 2, n: 1 } },
    ]);
    const order = { type: 'order', events: [{ type: 'paid' }] };
    expect(split(JSON.stringify(order))).toEqual([order]);
    const history = { id: 1, events: [{ at: 1 }] };
    expect(split(JSON.stringify(history))).toEqual([history]);
  });

  it('reads forms', () => {
    const form = 'application/x-www-form-urlencoded';
    expect(split('merchant_oid=12&status=success&total_amount=3456', form)).toEqual([
      { merchant_oid: '12', status: 'success', total_amount: '3456' },
    ]);
    expect(split('a=1&a=2&b%5B%5D=3', '')).toEqual([{ a: ['1', '2'], b: ['3'] }]);
    expect(split('type=subscribe&data%5Bemail%5D=a%40b.tr&data%5Bmerges%5D%5BFNAME%5D=Ali', form)).toEqual([
      { type: 'subscribe', data: { email: 'a@b.tr', merges: { FNAME: 'Ali' } } },
    ]);
    expect(split('payload=%7B%22type%22%3A%22x%22%7D', form)).toEqual([{ type: 'x' }]);
    expect(split('v=1&events=%5B%7B%22e%22%3A1%7D%5D', form)).toEqual([{ e: 1, envelope: { v: '1' } }]);
    expect(split('{"a":1}', form)).toEqual([{ a: 1 }]);
    expect(split('ad=%DD', `${form}; charset=iso-8859-9`)).toHaveLength(1);
  });

  it('reads small multipart forms', () => {
    const part = (name: string, value: string): string =>
      `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('email', 'ali@firma.com.tr')}${part('subject', 'Sipariş')}--B--\r\n`;
    expect(split(body, 'multipart/form-data; boundary=B')).toEqual([
      { email: 'ali@firma.com.tr', subject: 'Sipariş' },
    ]);
    expect(split(body, 'multipart/form-data')).toMatch(/boundary/);
    expect(split('x'.repeat(1024 * 1024 + 1), 'multipart/form-data; boundary=B')).toMatch(/more than/);
  });

  it('says why it refuses', () => {
    expect(split('')).toBe('the body is empty');
    expect(split('"ping"')).toMatch(/must be a JSON object/);
    expect(split('<xml/>', 'text/xml')).toMatch(/XML/);
    expect(split('hello')).toMatch(/neither JSON nor a form/);
    expect(split(`[${'1,'.repeat(ITEMS_LIMIT)}1]`)).toMatch(/2501 items/);
    expect(split(`${'['.repeat(66)}${']'.repeat(66)}`)).toMatch(/deeper than 64/);
    expect(split(`[${'['.repeat(64)}${']'.repeat(64)}]`)).toHaveLength(1);
    expect(split(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toMatch(/deeper/);
  });

  it('takes the topic of the address', () => {
    const result = splitDelivery(Buffer.from('{}'), undefined, { topic: ['carts_update'] });
    expect(result).toEqual({ outcome: 'items', items: [{ item: {}, topic: 'carts_update' }] });
  });
});
