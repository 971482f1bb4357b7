import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import { firstEmail, firstPhone, idOf, type Person } from '../person.ts';
import { valueOf, type Fields } from './generic-bodies.ts';

/**
 * The person of payloads whose usual names mean something else than elsewhere, recognised by members that only they
 * have; `undefined` for all others.
 */
export function dialectPerson(item: Fields, bodies: readonly Fields[]): Person | undefined {
  return hubspot(item.object) ?? telephony(item.object) ?? cloudMessage(item.object) ?? form(bodies);
}

/** HubSpot names the object by number: a contact's is a person's, a deal's is not. */
function hubspot(item: JsonObject): Person | undefined {
  const { subscriptionType, objectId, portalId } = item;
  if (typeof subscriptionType !== 'string' || portalId === undefined) return undefined;
  const contact = subscriptionType.startsWith('contact.') || item.objectTypeId === '0-1';
  const value = contact ? item.propertyValue : undefined;
  return {
    email: item.propertyName === 'email' ? firstEmail(value) : undefined,
    phone: ['phone', 'mobilephone'].includes(textOf(item.propertyName) ?? '') ? firstPhone(value) : undefined,
    externalIds: { hubspot_contact_id: contact ? idOf(objectId) : undefined },
  };
}

/** Twilio: `From` is the person's number only where they wrote or called. */
function telephony(item: JsonObject): Person | undefined {
  const { From, To, Direction, SmsStatus } = item;
  const sid = item.MessageSid ?? item.SmsSid ?? item.CallSid;
  if (typeof sid !== 'string' || typeof item.AccountSid !== 'string') return undefined;
  const inbound =
    SmsStatus === 'received' || (typeof Direction === 'string' && Direction.startsWith('inbound'));
  return { phone: firstPhone(inbound ? From : To) };
}

/** WhatsApp Cloud API: the one who wrote, or to whom a message went; the rest of the delivery is ours. */
function cloudMessage(item: JsonObject): Person | undefined {
  if (item.object !== 'whatsapp_business_account') return undefined;
  const people = new Set<string>();
  for (const entry of objectsOf(item.entry)) {
    for (const change of objectsOf(entry.changes)) {
      const value = objectOf(change.value);
      for (const { from } of objectsOf(value.messages)) people.add(textOf(from) ?? '');
      for (const { recipient_id } of objectsOf(value.statuses)) people.add(textOf(recipient_id) ?? '');
    }
  }
  const [number] = people;
  return people.size === 1 && number !== undefined ? { phone: firstPhone(`+${number}`) } : {};
}

/** Typeform: answers have a type; hidden fields are what the company's own page passed on. */
function form(bodies: readonly Fields[]): Person | undefined {
  const body = bodies.find(({ name }) => name === 'formresponse');
  if (body === undefined) return undefined;
  const answers = objectsOf(valueOf(body, 'answers'));
  const hidden = objectOf(valueOf(body, 'hidden'));
  const emails = answers.filter(({ type }) => type === 'email').map(({ email }) => email);
  const phones = answers
    .filter(({ type }) => type === 'phone_number')
    .map(({ phone_number }) => phone_number);
  return {
    userId: idOf(hidden.user_id) ?? idOf(hidden.userId),
    // Of two addresses in one form the second is often a friend's.
    email: firstEmail(hidden.email, ...(emails.length === 1 ? emails : [])),
    phone: firstPhone(hidden.phone, ...(phones.length === 1 ? phones : [])),
    externalIds: isObject(valueOf(body, 'hidden')) ? {} : undefined,
  };
}
