import { NIL_PROFILE as NIL } from '#kernel';
import { stringLiteral } from '../sql-text/literal.ts';
import { NAME, PERSON, TIME, WORKSPACE } from './columns.ts';
import { lastingName, MODEL_RUNS, PROFILE_SCORES } from './score-tables.ts';
import { type Column, publicColumns } from './table.ts';

/** A view whose rows others are made of. */
interface Source {
  select(workspace: string, generation: number): string;
}

/** As `View` of `views.ts`, which puts these among the public relations. */
interface ScoreView extends Source {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

/** Orders that are purchases: neither cancelled nor refunded in full, nor returns written as orders, and of somebody. */
export const IS_PURCHASE = [
  `status IN ('completed', 'partially_refunded')`,
  `NOT has(flags, 'amount_negative')`,
  `profile_id != toUUID('${NIL}')`,
].join(' AND ');

const SCORED_AT: Column = {
  name: 'scored_at',
  type: TIME,
  comment: 'When its model was fitted; where the cutoff is later, the beginning of that day. UTC, ms.',
};

/** Fits whose scores count: of each currency and basis the newest that succeeded. */
function currentRuns(workspace: string): string {
  return [
    'SELECT argMax(run_id, ordinal) AS run_id, argMax(trained_at, ordinal) AS trained_at, max(ordinal) AS newest',
    `FROM ${lastingName(MODEL_RUNS)} FINAL WHERE workspace = ${stringLiteral(workspace)} AND scored = 1`,
    'GROUP BY currency, basis',
  ].join(' ');
}

const MODEL_RUNS_VIEW: ScoreView = {
  name: 'model_runs',
  comment: 'A fit that has ended, with its parameters and how wrong it is.',
  columns: publicColumns(MODEL_RUNS),
  key: ['run_id'],
  select: (workspace) =>
    [
      `SELECT ${publicColumns(MODEL_RUNS)
        .map(({ name }) => name)
        .join(', ')}`,
      `FROM ${lastingName(MODEL_RUNS)} FINAL WHERE workspace = ${stringLiteral(workspace)}`,
    ].join(' '),
};

/** The newest score of each person there is: one that was absorbed or erased has none. */
function profileScores(profiles: Source): ScoreView {
  const scores = publicColumns(PROFILE_SCORES);
  const at = scores.findIndex(({ name }) => name === 'model') + 1;
  const columns = [...scores.slice(0, at), SCORED_AT, ...scores.slice(at)];
  const table = lastingName(PROFILE_SCORES);
  return {
    name: 'profile_scores',
    comment: 'The newest score of a person: value, and whether they will come back.',
    columns,
    key: ['profile_id'],
    select: (workspace, generation) => {
      const shown = columns.map(({ name }) =>
        name === 'scored_at'
          ? "greatest(r.trained_at, toDateTime64(s.cutoff, 3, 'UTC')) AS scored_at"
          : `s.${name} AS ${name}`,
      );
      const own = `workspace = ${stringLiteral(workspace)} AND is_deleted = 0`;
      return [
        `SELECT ${shown.join(', ')} FROM ${table} AS s FINAL`,
        `INNER JOIN (${currentRuns(workspace)}) AS r ON s.run_id = r.run_id`,
        `WHERE s.${own.replace(' AND ', ' AND s.')} AND (s.profile_id, s.run_id) IN (`,
        `SELECT c.profile_id, argMax(c.run_id, n.newest) FROM ${table} AS c FINAL`,
        `INNER JOIN (${currentRuns(workspace)}) AS n ON c.run_id = n.run_id`,
        `WHERE c.${own.replace(' AND ', ' AND c.')}`,
        `AND c.profile_id IN (SELECT profile_id FROM (${profiles.select(workspace, generation)}))`,
        'GROUP BY c.profile_id)',
      ].join(' ');
    },
  };
}

const MEASURES = [
  ['recency_days', 'recency', 'Days from the last purchase to the newest day with an order'],
  ['purchase_days', 'frequency', 'Days with a purchase; orders of one day are one'],
  ['revenue', 'money', 'Net revenue, money'],
] as const;

/** Recency, frequency and money by quintiles; see `rfm` of `libs/analytics`, whose rule this is. */
function profileRfm(orders: Source): ScoreView {
  const score = (column: string, edges: string): string =>
    [1, 2, 3, 4].map((i) => `(e.${edges}[${i}] < c.${column})`).join(' + ');
  return {
    name: 'profile_rfm',
    comment:
      'Recency, frequency and money of a buyer by currency, with scores from 1 (worst) to 5: a score counts the quintile edges (type 7) strictly below the value, so equal values score the same and a score may stay empty.',
    columns: [
      WORKSPACE,
      PERSON,
      { name: 'currency', type: NAME, comment: 'ISO 4217. One row per person and currency.' },
      { name: 'last_purchase_on', type: 'Date32', comment: 'UTC day of the last purchase.' },
      ...MEASURES.map(([name, , comment]) => ({
        name,
        type: name === 'revenue' ? 'Float64' : 'UInt32',
        comment: `${comment}.`,
      })),
      { name: 'r', type: 'UInt8', comment: 'Score of recency: 5 bought lately.' },
      { name: 'f', type: 'UInt8', comment: 'Score of frequency: 5 buys often.' },
      { name: 'm', type: 'UInt8', comment: 'Score of money: 5 spends much.' },
    ],
    key: ['profile_id', 'currency'],
    select: (workspace, generation) => {
      const customers = [
        'SELECT profile_id, currency, max(day) AS last, toUInt32(max(max(day)) OVER () - max(day)) AS recency_days,',
        'toUInt32(uniqExact(day)) AS purchase_days, toFloat64(sum(net)) AS revenue',
        `FROM (SELECT profile_id, currency, toInt32(toDate32(ordered_at)) AS day, net FROM (${orders.select(workspace, generation)}) WHERE ${IS_PURCHASE})`,
        'GROUP BY profile_id, currency',
      ].join(' ');
      const edges = MEASURES.map(
        ([column, name]) => `quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(${column}) AS ${name}`,
      ).join(', ');
      return [
        `SELECT ${stringLiteral(workspace)} AS workspace, c.profile_id AS profile_id, c.currency AS currency,`,
        'toDate32(c.last) AS last_purchase_on, c.recency_days AS recency_days, c.purchase_days AS purchase_days,',
        'c.revenue AS revenue,',
        `toUInt8(5 - (${score('recency_days', 'recency')})) AS r,`,
        `toUInt8(1 + ${score('purchase_days', 'frequency')}) AS f, toUInt8(1 + ${score('revenue', 'money')}) AS m`,
        `FROM (${customers}) AS c INNER JOIN (SELECT currency, ${edges} FROM (${customers}) GROUP BY currency) AS e`,
        'ON c.currency = e.currency',
      ].join(' ');
    },
  };
}

/** Silence that parts the stages where no fit has learnt it; days. As `DEFAULT_THRESHOLDS` of `libs/analytics`. */
const [ACTIVE_DAYS, LAPSED_DAYS] = [90, 365];

/** Stages of buyers with their history; see `lifecycleHistory` of `libs/analytics`, whose rule this is. */
function profileLifecycle(orders: Source): ScoreView {
  return {
    name: 'profile_lifecycle',
    comment:
      'Stages that a buyer passed through, up to the newest day with an order: new, active, cooling (silent for longer than usual), lapsed (for longer than nearly all), won_back (bought after a lapse).',
    columns: [
      WORKSPACE,
      PERSON,
      { name: 'stage', type: NAME, comment: 'new, active, cooling, lapsed or won_back.' },
      { name: 'entered_at', type: TIME, comment: 'Beginning of the UTC day on which the stage began.' },
      {
        name: 'left_at',
        type: `Nullable(${TIME})`,
        comment: 'Beginning of the UTC day on which the next stage began. NULL: the stage of now.',
      },
    ],
    key: ['profile_id', 'entered_at'],
    select: (workspace, generation) => {
      const purchases = `SELECT profile_id, toInt32(toDate32(ordered_at)) AS day FROM (${orders.select(workspace, generation)}) WHERE ${IS_PURCHASE}`;
      const thresholds = [
        `SELECT if(count() = 0, ${ACTIVE_DAYS}, argMax(active_days, ordinal)) AS active,`,
        `if(count() = 0, ${LAPSED_DAYS}, argMax(lapsed_days, ordinal)) AS lapsed`,
        `FROM ${lastingName(MODEL_RUNS)} FINAL WHERE workspace = ${stringLiteral(workspace)}`,
        "AND status = 'succeeded' AND basis = 'purchases'",
      ].join(' ');
      // Stages by purchase: that of the purchase, then cooling and lapsed where the next one came late enough.
      const steps = [
        'arrayFlatten(arrayMap((day, before, next) -> arrayFilter(step -> step.1 < next, [',
        "(day, multiIf(before = -1, 'new', before + l + 1 < day, 'won_back', 'active')),",
        "(day + a + 1, 'cooling'), (day + l + 1, 'lapsed')]),",
        'days, arrayPushFront(arrayPopBack(days), -1), arrayPushBack(arrayPopFront(days), today + 1)))',
      ].join(' ');
      return [
        `SELECT ${stringLiteral(workspace)} AS workspace, profile_id, passed.2 AS stage,`,
        "toDateTime64(toDate32(passed.1), 3, 'UTC') AS entered_at,",
        "if(passed.3 = 0, NULL, toDateTime64(toDate32(passed.3), 3, 'UTC')) AS left_at",
        'FROM (SELECT profile_id,',
        `${steps} AS steps,`,
        "arrayFilter((step, before) -> step.2 != before, steps, arrayPushFront(arrayPopBack(steps.2), '')) AS changes,",
        'arrayJoin(arrayMap((change, next) -> (change.1, change.2, next), changes,',
        'arrayPushBack(arrayPopFront(changes.1), 0))) AS passed',
        'FROM (SELECT p.profile_id AS profile_id, arraySort(groupUniqArray(p.day)) AS days, any(n.today) AS today,',
        'any(t.active) AS a, any(t.lapsed) AS l',
        `FROM (${purchases}) AS p CROSS JOIN (SELECT max(day) AS today FROM (${purchases})) AS n CROSS JOIN (${thresholds}) AS t`,
        'GROUP BY p.profile_id))',
      ].join(' ');
    },
  };
}

/** Relations about value and churn: what fits say, and what follows from the orders alone. */
export function scoreViews({
  orders,
  profiles,
}: {
  readonly orders: Source;
  readonly profiles: Source;
}): ScoreView[] {
  return [profileScores(profiles), MODEL_RUNS_VIEW, profileRfm(orders), profileLifecycle(orders)];
}
