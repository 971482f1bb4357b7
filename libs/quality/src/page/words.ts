import type { CountName } from '../quality-day.ts';

/** Languages that the page speaks. */
export type PageLanguage = 'en' | 'tr';

/** Texts of the page in a language. */
export interface PageWords {
  readonly locale: string;
  readonly title: string;
  readonly lead: string;
  readonly period: (from: string, to: string) => string;
  readonly apply: string;
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly allSources: string;
  readonly validity: string;
  readonly completeness: string;
  readonly duplicateRate: string;
  readonly perDay: string;
  readonly valid: string;
  readonly faulty: string;
  readonly nothing: string;
  readonly alerts: string;
  readonly noRules: string;
  readonly states: Readonly<Record<'ok' | 'firing' | 'unknown', string>>;
  readonly silent: (hours: string, limit: string) => string;
  readonly neverMeasured: string;
  readonly validityOf: (value: string, limit: string) => string;
  readonly counts: Readonly<Partial<Record<CountName, string>>>;
  readonly meanings: string;
  readonly table: string;
}

/** English. */
const ENGLISH: PageWords = {
  locale: 'en',
  title: 'Data quality',
  lead: 'What each source sent, and what was wrong with it.',
  period: (from, to) => `${from} to ${to}, by day of arrival (UTC)`,
  apply: 'Show',
  from: 'From',
  to: 'To',
  source: 'Source',
  allSources: 'All sources',
  validity: 'Validity',
  completeness: 'Completeness',
  duplicateRate: 'Duplicates',
  perDay: 'Per day',
  valid: 'valid',
  faulty: 'with a fault, or refused',
  nothing: 'Nothing came in these days.',
  alerts: 'Rules',
  noRules: 'No rules are set. PUT /v1/quality/rules/<name> sets one.',
  states: { ok: 'in order', firing: 'alert', unknown: 'too little came' },
  silent: (hours, limit) => `silent for ${hours} h; limit ${limit} h`,
  neverMeasured: 'nothing to measure',
  validityOf: (value, limit) => `validity ${value}; limit ${limit}`,
  counts: {
    events: 'Events',
    refused: 'Refused',
    duplicates: 'Sent again',
    invalid: 'Invalid identifiers',
    blocked: 'Blocked identifiers',
    corrected: 'Corrected addresses',
    suggested: 'Suggestions',
    late: 'Late (> 24 h)',
    badTimes: 'Bad times',
    schemaViolations: 'Schema violations',
    unknownEvents: 'Unknown events',
    unattributed: 'Of nobody',
  },
  meanings:
    'Validity is the share of what came without anything wrong. Completeness is the share of user id, e-mail, phone and name that calls which speak of a person fill.',
  table: 'By source',
};

/** Turkish. */
const TURKISH: PageWords = {
  locale: 'tr',
  title: 'Veri kalitesi',
  lead: 'Her kaynağın ne gönderdiği ve gönderdiğinde neyin yanlış olduğu.',
  period: (from, to) => `${from} – ${to}, varış gününe göre (UTC)`,
  apply: 'Göster',
  from: 'Başlangıç',
  to: 'Bitiş',
  source: 'Kaynak',
  allSources: 'Tüm kaynaklar',
  validity: 'Geçerlilik',
  completeness: 'Doluluk',
  duplicateRate: 'Yinelenen',
  perDay: 'Günlere göre',
  valid: 'geçerli',
  faulty: 'kusurlu ya da reddedilmiş',
  nothing: 'Bu günlerde hiçbir şey gelmedi.',
  alerts: 'Kurallar',
  noRules: 'Tanımlı kural yok. PUT /v1/quality/rules/<ad> ile tanımlanır.',
  states: { ok: 'yolunda', firing: 'uyarı', unknown: 'veri yetersiz' },
  silent: (hours, limit) => `${hours} saattir sessiz; sınır ${limit} saat`,
  neverMeasured: 'ölçülecek veri yok',
  validityOf: (value, limit) => `geçerlilik ${value}; sınır ${limit}`,
  counts: {
    events: 'Olaylar',
    refused: 'Reddedilen',
    duplicates: 'Yeniden gönderilen',
    invalid: 'Geçersiz kimlik',
    blocked: 'Engelli kimlik',
    corrected: 'Düzeltilen adres',
    suggested: 'Öneri',
    late: 'Geç (> 24 saat)',
    badTimes: 'Hatalı zaman',
    schemaViolations: 'Şema ihlali',
    unknownEvents: 'Bilinmeyen olay',
    unattributed: 'Kimseye ait olmayan',
  },
  meanings:
    'Geçerlilik, gelenlerin kusursuz olanlarının payıdır. Doluluk, kişiden söz eden çağrılarda kullanıcı kimliği, e-posta, telefon ve adın dolu olma payıdır.',
  table: 'Kaynağa göre',
};

/** Texts by language. */
export const WORDS: Readonly<Record<PageLanguage, PageWords>> = { en: ENGLISH, tr: TURKISH };
