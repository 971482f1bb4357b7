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

const KINDS: Readonly<Record<string, string>> = {
  identify: 'bir kimlik bildirimi',
  page: 'bir sayfa görüntüleme',
  screen: 'bir ekran görüntüleme',
  group: 'bir grup bildirimi',
  alias: 'bir takma ad bildirimi',
  derived: 'daha yeni bir eşlemeyle yeniden okunan bir kayıt',
};

const ORDERS: Readonly<Record<ToldOrder['kind'], string>> = {
  force_merge: 'aynı kişinindir',
  forbid: 'hiçbir zaman aynı kişinin değildir',
  release: 'o güne kadarki bağlantılarından ayrıldı',
  lift: 'karantinada değildir',
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
  strength: (strength) =>
    [
      'yalnızca gözlemlendi',
      'beyan edildi (form, sipariş ya da temsilci)',
      'oturum açma ya da kayıt sistemi söyledi',
    ][strength] ?? '',
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
  rules: (version) => `Kuralların ${version}. sürümüyle karar verildi.`,

  together: (a, b) => `${a} ile ${b} aynı kişinin.`,
  apart: (a, b) => `${a} ile ${b} iki ayrı kişinin. Onları bağlayan bir şey var, ama kabul edilmedi:`,
  strangers: (a, b) => `${a} ile ${b} iki ayrı kişinin. Gelen hiçbir kayıt onları bağlamıyor.`,
  path: 'Birinden ötekine giden yol:',
  undoing: 'Onları ayırmak için şunların hepsinin geri alınması gerekir:',
  undo: (link) => `şu ikisi arasındaki bağlantı: ${link}`,
  takeBack: (order) => `${order} numaralı talimat`,
  sayings: (count) => (count === 1 ? 'bir olay söylüyor' : `${count} ayrı biçimde söylendi`),
  instead: (command) => `Bir yetkili onları hemen ayırabilir: ${command}`,

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
      })[reason],
    more: (identifiers, refusals) => `çizilmeyen: ${identifiers} kimlik bilgisi, ${refusals} ret`,
  },
};

function nameOf(ns: string): string {
  return NAMESPACES[ns] ?? (ns === '' ? 'kimlik bilgisi' : ns);
}

function identifier({ namespace, value, anchor }: ToldIdentifier): string {
  return value === undefined ? `${anchor} numaralı ${nameOf(namespace)}` : `“${value}” ${nameOf(namespace)}`;
}

function occasion({ eventId, at, source, kind, event }: ToldSaying): string {
  const named = event ? `“${event}” olayı` : (KINDS[kind ?? ''] ?? 'bir olay');
  const from = source === undefined ? '' : `“${source}” kaynağından, `;
  return `${from}${moments.long(at)} tarihli ${named} (${eventId})`;
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
  }
}
