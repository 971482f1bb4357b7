import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { READY_VIEWS } from '#journey';
import { VIEWS } from '#warehouse';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/sql.md', import.meta.url)), 'utf8');

interface Question {
  readonly title: string;
  readonly sql: string;
}

/** Every ```sql block of the page under the nearest heading above it. */
function questionsOf(page: string): Question[] {
  const found: Question[] = [];
  let title = '';
  for (const [, heading, sql] of page.matchAll(/^#+ (.+)$|^```sql\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else if (sql !== undefined) found.push({ title, sql });
  }
  return found;
}

interface ShownColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** A relation's part of the page as it must stand there. */
function sectionOf(name: string, comment: string, columns: readonly ShownColumn[]): string {
  const rows = columns.map((column) => `| \`${column.name}\` | \`${column.type}\` | ${column.comment} |`);
  return [`### ${name}`, '', comment, '', '| column | type | meaning |', '|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

/** A moment: days after Monday 2025-01-06 and minutes after 09:00 UTC. */
function at(day: number, minute: number): string {
  return new Date(Date.UTC(2025, 0, 6 + day, 9, minute)).toISOString();
}

interface Line {
  readonly product_id: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  readonly price: number;
}

const SNEAKER: Line = { product_id: 'p-1', name: 'Sneaker', category: 'Shoes', quantity: 1, price: 50 };
const SOCKS: Line = { product_id: 'p-2', name: 'Socks', category: 'Textile', quantity: 2, price: 5 };
const BOOTS: Line = { product_id: 'p-3', name: 'Boots', category: 'Shoes', quantity: 1, price: 115 };

function order(
  id: string,
  products: readonly Line[],
  who: object,
  timestamp: string,
  currency = 'USD',
): object {
  const revenue = products.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const properties = { order_id: id, revenue, currency, products };
  return { type: 'track', event: 'Order Completed', ...who, timestamp, properties };
}

function page(anonymousId: string, path: string, timestamp: string, campaign?: string): object {
  const context = campaign === undefined ? {} : { campaign: { name: campaign } };
  const properties = { path, url: `https://shop.example${path}` };
  return { type: 'page', anonymousId, name: path, timestamp, properties, context };
}

function identify(n: number, anonymousId: string, timestamp: string, email = `u-${n}@shop.example`): object {
  const traits = { email, plan: n % 2 === 0 ? 'gold' : 'basic' };
  return { type: 'identify', userId: `u-${n}`, anonymousId, timestamp, traits };
}

/** First visit of the nth of eight visitors: 1 to 6 put into the basket and log in, 1 to 4 buy. */
function firstVisit(n: number): object[] {
  const day = n - 1;
  const device = `web-${n}`;
  const campaign = n % 2 === 1 ? 'winter' : undefined;
  const track = (event: string, minute: number): object => ({
    type: 'track',
    event,
    anonymousId: device,
    timestamp: at(day, minute),
    properties: { product_id: 'p-1', name: 'Sneaker', price: 50 },
    context: { page: { path: '/shoes' } },
  });
  const visit = [
    page(device, '/', at(day, 0), campaign),
    page(device, '/shoes', at(day, 2)),
    track('Product Viewed', 3),
  ];
  if (n <= 6) visit.push(track('Product Added', 5), identify(n, device, at(day, 6)));
  if (n <= 4) visit.push(order(`o-${n}`, [SNEAKER, SOCKS], { anonymousId: device }, at(day, 8)));
  return visit;
}

/** A small shop's two months, the same every time. */
function history(): object[] {
  return [
    ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap(firstVisit),
    // The server tells of an order that the browser told of too.
    order('o-1', [SNEAKER, SOCKS], { userId: 'u-1' }, at(0, 9)),
    page('web-1', '/boots', at(7, 0), 'mailing'),
    order('o-1b', [BOOTS, SOCKS], { userId: 'u-1', anonymousId: 'web-1' }, at(7, 5)),
    page('web-2', '/shoes', at(8, 0)),
    order('o-2b', [SNEAKER], { userId: 'u-2', anonymousId: 'web-2' }, at(8, 4)),
    page('web-1', '/', at(14, 0)),
    // Two telephones that turn out to be those of known people.
    page('phone-1', '/app', at(20, 0)),
    identify(1, 'phone-1', at(20, 3)),
    page('phone-2', '/app', at(21, 0)),
    identify(2, 'phone-2', at(21, 1)),
    {
      ...order('o-5', [SNEAKER], { userId: 'u-5', anonymousId: 'web-5' }, at(28, 0), 'EUR'),
      context: { traits: { email: 'u-5@gmail' } },
    },
    {
      type: 'track',
      event: 'Order Refunded',
      userId: 'u-2',
      timestamp: at(10, 0),
      properties: { order_id: 'o-2', total: 10, currency: 'USD' },
    },
    {
      type: 'track',
      event: 'Order Cancelled',
      userId: 'u-3',
      timestamp: at(4, 0),
      properties: { order_id: 'o-3' },
    },
    {
      type: 'track',
      event: 'Order Refunded',
      userId: 'u-4',
      timestamp: at(9, 0),
      properties: { order_id: 'o-4' },
    },
    // One tablet, two log-ins; one e-mail address, two user ids.
    { type: 'track', event: 'Login', userId: 'u-3', anonymousId: 'tablet', timestamp: at(11, 0) },
    { type: 'track', event: 'Login', userId: 'u-4', anonymousId: 'tablet', timestamp: at(11, 30) },
    identify(6, 'web-6', at(12, 0), 'u-5@shop.example'),
    {
      type: 'group',
      userId: 'u-1',
      groupId: 'acme',
      timestamp: at(13, 0),
      traits: { name: 'Acme', plan: 'big' },
    },
    { type: 'group', userId: 'u-2', groupId: 'acme', timestamp: at(13, 5) },
    { type: 'group', userId: 'u-3', groupId: 'globex', timestamp: at(13, 9), traits: { name: 'Globex' } },
    // Belongs to nobody: its only identifier is a placeholder.
    { type: 'track', event: 'Broken', userId: 'null', timestamp: at(15, 0) },
  ];
}

const questions = questionsOf(PAGE);

describe('docs/sql.md', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    const batch = history().map((item, i) => ({ messageId: `m-${i}`, ...item }));
    const { body } = await temas.send('batch', { batch });
    expect(body.errors ?? []).toEqual([]);
    await temas.sql('SELECT 1', body.position);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  /** What the page's question with this in its title answers. */
  async function answer(title: string): Promise<unknown[]> {
    const found = questions.filter((question) => question.title.includes(title));
    expect(found).toHaveLength(1);
    return temas.sql((found[0] as Question).sql);
  }

  function ask(statement: string, search = '', key: string = KEYS.analyst): Promise<Response> {
    return fetch(`${temas.url}/sql?${search}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: statement,
    });
  }

  it('holds at least twenty questions, each once', () => {
    const titles = questions.map(({ title }) => title);
    expect(titles.length).toBeGreaterThanOrEqual(20);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(questions)('answers: $title', async ({ sql }) => {
    const rows = await temas.sql(sql);
    expect(rows.length).toBeGreaterThan(0);
  });

  it.each([
    ['share of people is anonymous', [{ people: '9', anonymous: '3', share: 0.333 }]],
    [
      'view to basket to order',
      [
        { level: 1, people: '2' },
        { level: 2, people: '2' },
        { level: 3, people: '4' },
      ],
    ],
    [
      'brought buyers first',
      [
        { first_touch: '', last_touch: '', people: '2' },
        { first_touch: 'winter', last_touch: 'winter', people: '2' },
      ],
    ],
    [
      'right after they viewed',
      [
        { next_step: 'Product Added', times: '6' },
        { next_step: 'end of visit', times: '2' },
      ],
    ],
    [
      'bounce rate by campaign',
      [
        { campaign: '', visits: '8', bounce_rate: 0.5 },
        { campaign: 'winter', visits: '4', bounce_rate: 0 },
        { campaign: 'mailing', visits: '1', bounce_rate: 1 },
      ],
    ],
    [
      'refund rate by month',
      [
        {
          month: '2025-01-01',
          currency: 'USD',
          orders: '5',
          gross: 355,
          net: 285,
          average_net: 57,
          refund_rate: 0.197,
        },
        {
          month: '2025-02-01',
          currency: 'EUR',
          orders: '1',
          gross: 50,
          net: 50,
          average_net: 50,
          refund_rate: 0,
        },
      ],
    ],
    [
      'What sells best',
      [
        { product_id: 'p-2', name: 'Socks', sold: 10, kept: 6, buyers: '2' },
        { product_id: 'p-1', name: 'Sneaker', sold: 6, kept: 4, buyers: '3' },
        { product_id: 'p-3', name: 'Boots', sold: 1, kept: 1, buyers: '1' },
      ],
    ],
    [
      'bought together',
      [
        { product: 'p-1', other: 'p-2', orders: '4' },
        { product: 'p-2', other: 'p-3', orders: '1' },
      ],
    ],
    [
      'come from step to step',
      [
        { step: 1, event: 'Product Viewed', people: '8', share: 1, median_s_from_first: 0 },
        {
          step: 2,
          event: 'Product Added',
          people: '6',
          share: 0.75,
          median_s_from_first: expect.any(Number),
        },
        {
          step: 3,
          event: 'Order Completed',
          people: '4',
          share: 0.5,
          median_s_from_first: expect.any(Number),
        },
      ],
    ],
    ['buys again', [{ buyers: '3', repeat_buyers: '2', repeat_rate: 0.667 }]],
    [
      'accounts are the most active',
      [
        { account_id: 'acme', name: 'Acme', people: '2', events: '25', net_usd: 285 },
        { account_id: 'globex', name: 'Globex', people: '1', events: '9', net_usd: 0 },
      ],
    ],
    [
      'links were rejected',
      [
        { reason: 'LIMIT', rule: 'R6', namespace: 'email', links: '1', profiles: '1' },
        { reason: 'SHARED', rule: 'R5', namespace: 'anonymous_id', links: '1', profiles: '1' },
      ],
    ],
    [
      'addresses may be mistyped',
      [
        {
          rule_id: 'tld.missing',
          outcome: 'suggestion',
          status: 'unverified',
          guesses: '1',
          known_elsewhere: '0',
        },
      ],
    ],
  ])('answers rightly: %s', async (title, expected) => {
    expect(await answer(title)).toEqual(expected);
  });

  it('says rightly how ids, money and times of a place are written', async () => {
    const response = await ask(
      `SELECT position, gross, toHour(ordered_at, {zone:String}) AS hour FROM orders
       INNER JOIN events USING (profile_id) WHERE order_id = 'o-5' LIMIT 1 FORMAT JSONEachRow`,
      'param_zone=Pacific/Kiritimati&output_format_json_quote_decimals=1',
    );
    expect(await response.json()).toEqual({
      position: expect.stringMatching(/^\d+$/),
      gross: '50',
      hour: 23,
    });
  });

  it.each([
    ['SHOW TABLES', ''],
    ['SHOW CREATE events', ''],
    ['EXISTS TABLE events', ''],
    ['EXPLAIN SELECT profile_id FROM events', ''],
    ['SELECT * FROM profiles WHERE has(user_ids, {user:String}) FORMAT JSONEachRow', 'param_user=u-1'],
    [
      'SELECT kind, count() FROM events GROUP BY kind',
      'default_format=PrettyCompact&session_timezone=Asia/Tokyo',
    ],
    ['SELECT * FROM orders', 'output_format_json_quote_64bit_integers=0'],
  ])('allows as it says: %s', async (statement, search) => {
    const response = await ask(statement, search);
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(0);
  });

  it.each([
    ['DROP TABLE events', 164],
    ['SELECT 1 SETTINGS allow_introspection_functions = 1', 164],
    ['SELECT 1; SELECT 2', 62],
    ['SELECT 1 SETTINGS max_execution_time = 86400', 452],
    ['SELECT * FROM temas_store.events_v1', 497],
    ['SELECT * FROM system.processes', 497],
    [`SELECT file('/etc/hostname')`, 497],
    [`SELECT 1 INTO OUTFILE 'x'`, 358],
  ])('refuses as it says: %s', async (statement, code) => {
    const response = await ask(statement);
    expect(response.headers.get('x-clickhouse-exception-code')).toBe(String(code));
    expect(PAGE).toMatch(new RegExp(`^\\| .* \\| (\\d+, )*${code}(, \\d+)* \\|$`, 'm'));
  });

  it('answers nobody without a key', async () => {
    const response = await ask('SELECT 1', '', 'unknown-key-0123456789');
    expect(response.status).toBe(403);
    expect(response.headers.get('x-clickhouse-exception-code')).toBe('516');
  });

  it.each(VIEWS)('explains $name as the code does', ({ name, comment, columns }) => {
    // Where this fails, the expected text is the section to paste.
    const start = PAGE.indexOf(`### ${name}\n`);
    const section = sectionOf(name, comment, columns);
    expect(PAGE.slice(start, start + section.length)).toBe(section);
  });

  it.each(VIEWS)('tells the columns of $name in DESCRIBE too', async ({ name, columns }) => {
    const described = await temas.sql<ShownColumn>(`DESCRIBE TABLE ${name}`);
    expect(described.map((column) => ({ ...column }))).toEqual(
      columns.map((column) => expect.objectContaining(pick(column))),
    );
    expect(columns.filter(({ comment }) => comment === '')).toEqual([]);
  });

  it('knows all relations there are', async () => {
    const tables = await temas.sql<{ name: string; comment: string }>(
      `SELECT name, comment FROM system.tables WHERE database = 'temas' ORDER BY name`,
    );
    const views = [...VIEWS, ...READY_VIEWS].map(({ name, comment }) => ({ name, comment }));
    expect(tables).toEqual(views.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  });

  it('says rightly which columns can be NULL', () => {
    const nullable = VIEWS.flatMap(({ name, columns }) =>
      columns.filter(({ type }) => type.startsWith('Nullable')).map((column) => `${name}.${column.name}`),
    );
    const said = /Only ([^]*?) can be `NULL`/.exec(PAGE)?.[1] ?? '';
    expect([...said.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(nullable);
    expect(nullable.length).toBeGreaterThan(0);
  });
});

function pick({ name, type, comment }: ShownColumn): ShownColumn {
  return { name, type, comment };
}
