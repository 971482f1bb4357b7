import type { ToldIdentifier, ToldOrder, ToldRefusal, ToldSaying } from '../told.types.ts';
import { momentsIn } from './moments.ts';
import type { Words } from './words.ts';

const NAMESPACES: Readonly<Record<string, string>> = {
  user_id: 'kullanıcı numarası',
  crm_id: 'CRM numarası',
  loyalty_id: 'sadakat kartı',
  national_id: 'kimlik numarası',
  email: 'e-posta adresi',
  phone: 'telefon numarası',
  push_token: 'bildirim anahtarı',
  idfa: 'reklam kimliği',
  gaid: 'reklam kimliği',
  device_id: 'cihaz',
  anonymous_id: 'tarayıcı',
};

/** After a value; the others read the same there. */
const AFTER_VALUE: Readonly<Record<string, string>> = { device_id: 'cihazı', anonymous_id: 'tarayıcısı' };

const KINDS: Readonly<Record<string, string>> = {
  identify: 'bir kimlik bildirimi',
  page: 'bir sayfa görüntüleme',
  screen: 'bir ekran görüntüleme',
  group: 'bir grup bildirimi',
  alias: 'bir takma ad bildirimi',
  derived: 'daha yeni bir eşlemeyle yeniden okunan bir kayıt',
  confirmed: 'düzeltme onayı',
};

const ORDERS: Readonly<Record<ToldOrder['kind'], string>> = {
  force_merge: 'aynı kişinindir',
  forbid: 'hiçbir zaman aynı kişinin değildir',
  release: 'o güne kadarki bağlantılarından ayrıldı',
  lift: 'karantinada değildir',
};

const GONE: Readonly<Record<string, string>> = {
  DISPLACED: 'daha güçlü ya da daha eski kanıt başkasını gösterdi',
  SHARED: 'cihazı birkaç kişi kullanıyor',
  QUARANTINED: 'bir kimlik bilgisinin kimseye ait olmadığı anlaşıldı',
  SUPERSEDED: 'kaydın daha yeni sürümü artık öyle demiyor',
  RELEASED: 'bir yetkili kimlik bilgisini serbest bıraktı',
  FORBIDDEN: 'bir yetkilinin talimatı var',
  ERASED: 'bir kişi silindi',
};

const moments = momentsIn('tr-TR');

/** Turkish. Values carry no suffixes, so that every value reads well. */
export const TURKISH: Words = {
  namespace: nameOf,
  identifier,
  moment: moments.long,
  shortMoment: moments.short,
  occasion,

  person: (id, count) =>
    count === 1
      ? `Tek başına duran bir kimlik bilgisi (profil ${id}):`
      : `${count} kimlik bilgisiyle tanınan bir kişi (profil ${id}):`,
  held: (a, b, told, strength, rule) =>
    `${a} ile ${b} aynı kişinin: ${told} ikisini birlikte bildirdi; ${strength}. Kural ${rule}.`,
  strength: ({ strength, kind }) =>
    kind === 'confirmed'
      ? 'doğru olduğu onaylandı'
      : ([
          'yalnızca gözlemlendi',
          'beyan edildi (form, sipariş ya da temsilci)',
          'oturum açma ya da kayıt sistemi söyledi',
        ][strength] ?? ''),
  heldByOrder: (a, b, order) => `${a} ile ${b} bir yetkilinin talimatıyla aynı kişinin (${order}). Kural R8.`,
  again: (count) => `${count} bağlantı daha aynı şeyi söylüyor.`,
  alone: (one, why) =>
    why === 'shared'
      ? `${one} tek başına duruyor: ayrı kişiler oldukları bilinen birkaç kişi kullanıyor. Kural R5.`
      : `${one} tek başına duruyor: kimseye ait sayılamayacak kadar çok kişiyle görüldü. Kural R4.`,
  refusedTitle: 'Bağlanmayanlar:',
  refused: (a, b, why, told, rule) =>
    `${a} ile ${b} ayrı tutuldu: ${why}. Bağlayacak olan: ${told}. Kural ${rule}.`,
  whyRefused,
  andMore: (count) => `… ve ${count} tane daha.`,
  ordersTitle: 'Yetkililerin talimatları:',
  order: ({ kind, actor, reason, undone, commandId }, identifiers) =>
    `${identifiers} ${ORDERS[kind]}; talimatı veren ${actor}: “${reason}” (talimat ${commandId})${undone ? '; geri alındı' : ''}.`,
  rules: (version) =>
    version === 0
      ? 'Varsayılan kurallarla karar verildi.'
      : `Kuralların ${version}. sürümüyle karar verildi.`,

  together: (a, b) => `${a} ile ${b} aynı kişinin.`,
  apart: (a, b) => `${a} ile ${b} iki ayrı kişinin. Onları bağlayan bir şey var, ama kabul edilmedi:`,
  strangers: (a, b) => `${a} ile ${b} iki ayrı kişinin. Gelen hiçbir kayıt onları bağlamıyor.`,
  path: 'Birinden ötekine giden yol:',
  undoing: 'Onları ayırmak için şunların hepsinin geri alınması gerekir:',
  undo: (link) => `şu ikisi arasındaki bağlantı: ${link}`,
  takeBack: (order) => `${order} numaralı talimat`,
  sayings: (count) => (count === 1 ? 'bir olay söylüyor' : `${count} ayrı biçimde söylendi`),
  instead: (command) => `Bir yetkili onları hemen ayırabilir: ${command}`,

  decision: {
    created: (founding, known) => `${known ? 'Bir kişi' : 'Bir ziyaretçi'} şununla tanındı: ${founding}.`,
    identified: (identifiers) => `Kim olduğu belli oldu: ${identifiers}.`,
    linked: (one, to) => `${one} şununla bağlandı: ${to}.`,
    merged: (into, from, moved) =>
      `${from} profilinin ${into} profili olduğu anlaşıldı; birlikte gelenler: ${moved}.`,
    absorbed: (profile, into) => `${profile} profili ${into} profilinin parçası oldu.`,
    split: (profile, parts, why) => `${profile} profili bölündü, çünkü ${why}: ${parts.join('; ')}.`,
    rejected: (one, to, why) => `${one} şununla bağlanmadı: ${to}; çünkü ${why}.`,
    contradiction: (identifiers) =>
      `Bir olay birden çok kişiyi adlandırdı ve hiçbir şeyi bağlamadı${identifiers === '' ? '' : `: ${identifiers}`}.`,
    revoked: (one, to, why) => `${one} ile ${to} arasındaki bağlantı kalktı, çünkü ${why}.`,
    quarantined: (one, flood) =>
      `${one} ayrı tutuldu: ${flood ? 'başkalarıyla çok fazla olayda' : 'çok fazla kişiyle'} görüldü.`,
    shared: (one) => `${one} ayrı tutuldu: birkaç kişi kullanıyor.`,
    gone: (reason) => GONE[reason] ?? reason,
  },

  picture: {
    title: (count) => (count === 1 ? 'Bir kimlik bilgisi' : `Bir kişi, ${count} kimlik bilgisi`),
    twoPeople: 'İki kişi',
    unique: 'kişiyi adlandırır',
    contact: 'kişiye ulaştırır',
    device: 'cihaz',
    refused: 'kabul edilmedi',
    confirms: 'aynısını yineler',
    order: 'yetkili talimatı',
    path: 'ikisi arasındaki yol',
    cut: 'ayırmak için geri alınacak',
    reason: (reason) =>
      ({
        LIMIT: 'sınır aşılırdı',
        WEAK_BRIDGE: 'ayrı kişiler',
        SHARED: 'ortak cihaz',
        CANNOT_LINK: 'yasaklandı',
        MAX_SIZE: 'çok fazla',
        QUARANTINED: 'karantinada',
        BLOCKED: 'engelli',
      })[reason],
    more: (identifiers, refusals) => `çizilmeyen: ${identifiers} kimlik bilgisi, ${refusals} ret`,
  },
};

function nameOf(ns: string): string {
  return NAMESPACES[ns] ?? (ns === '' ? 'kimlik bilgisi' : ns);
}

function identifier({ namespace, value, anchor }: ToldIdentifier): string {
  if (value === undefined) return `${anchor} numaralı ${nameOf(namespace)}`;
  return `“${value}” ${AFTER_VALUE[namespace] ?? nameOf(namespace)}`;
}

function occasion({ eventId, at, source, kind, event, actor }: ToldSaying): string {
  const named = event ? `“${event}” olayı` : (KINDS[kind ?? ''] ?? 'bir olay');
  const from = source === undefined ? '' : `“${source}” kaynağından, `;
  const by = actor === undefined ? '' : `“${actor}” tarafından verilen, `;
  return `${from}${by}${moments.long(at)} tarihli ${named} (${eventId})`;
}

function whyRefused({
  reason,
  limit,
  namespace,
}: Pick<ToldRefusal, 'reason' | 'limit' | 'namespace'>): string {
  switch (reason) {
    case 'LIMIT':
      return `bir kişide en çok ${limit} ${nameOf(namespace ?? '')} bulunur`;
    case 'WEAK_BRIDGE':
      return 'bir cihaz ya da düzeltilmiş bir değer, ayrı oldukları bilinen iki kişiyi birleştirmez';
    case 'SHARED':
      return 'cihazı, ayrı oldukları bilinen birkaç kişi kullanıyor';
    case 'CANNOT_LINK':
      return 'bir yetkili ayrı kalmalarını istedi';
    case 'MAX_SIZE':
      return 'kişinin, bir kişide olabilecekten çok kimlik bilgisi olurdu';
    case 'QUARANTINED':
      return 'biri, kimseye ait sayılamayacak kadar çok kişiyle görüldü';
    case 'BLOCKED':
      return 'kurallara göre biri kimseye ait değildir';
  }
}
