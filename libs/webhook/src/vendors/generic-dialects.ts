import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import { firstEmail, firstPhone, idOf, type Person } from '../person.ts';
import { valueOf, type Fields } from './generic-bodies.ts';

/**
 * The person of payloads whose usual names mean something else than elsewhere, recognised by members that only they
 * have; `undefined` for all others.
 */
export function dialectPerson(item: Fields, bodies: readonly Fields[]): Person | undefined {
  const { object } = item;
  return (
    hubspot(object) ??
    telephony(object) ??
    cloudMessage(object) ??
    mail(object) ??
    helpdesk(object) ??
    conversation(object) ??
    subscriberOf(object) ??
    included(object) ??
    form(bodies)
  );
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

/** Amazon SES and Resend list the addresses that a mail went to; of several nobody knows which one opened it. */
function mail(item: JsonObject): Person | undefined {
  const sent = objectOf(item.mail);
  const data = objectOf(item.data);
  const resend = typeof data.email_id === 'string' && item.type !== 'email.received' ? data.to : undefined;
  const to = typeof sent.source === 'string' ? sent.destination : resend;
  if (!Array.isArray(to)) return undefined;
  return to.length === 1 ? { email: firstEmail(to[0]) } : {};
}

/** Zendesk: the one who asks, never the one who answers. */
function helpdesk(item: JsonObject): Person | undefined {
  const kind = /^zen:event-type:(user|ticket)\./.exec(textOf(item.type) ?? '')?.[1];
  if (kind === undefined) return undefined;
  const detail = objectOf(item.detail);
  if (kind === 'ticket') return { externalIds: { zendesk_user_id: idOf(detail.requester_id) } };
  return {
    userId: idOf(detail.external_id),
    email: firstEmail(detail.email),
    externalIds: { zendesk_user_id: idOf(detail.id) },
  };
}

/** Intercom: the contact of a conversation with one. */
function conversation(item: JsonObject): Person | undefined {
  const about = objectOf(objectOf(item.data).item);
  if (about.type !== 'conversation') return undefined;
  const contacts = objectsOf(objectOf(about.contacts).contacts);
  const { author } = objectOf(about.source);
  const [contact = {}] = contacts;
  const writer = objectOf(author);
  const wrote = writer.type === 'user' || writer.type === 'lead';
  return contacts.length > 1
    ? {}
    : { userId: idOf(contact.external_id), email: wrote ? firstEmail(writer.email) : undefined };
}

/** RevenueCat: the app's own id of the user, or one of the phone's where the app has given none. */
function subscriberOf(item: JsonObject): Person | undefined {
  const { app_user_id, subscriber_attributes } = objectOf(item.event);
  const id = idOf(app_user_id);
  if (id === undefined) return undefined;
  const attributes = objectOf(subscriber_attributes);
  const stated = (name: string): unknown => objectOf(attributes[name]).value;
  return {
    ...(id.startsWith('$RCAnonymousID:') ? { anonymousId: id } : { userId: id }),
    email: firstEmail(stated('$email')),
    phone: firstPhone(stated('$phoneNumber')),
  };
}

/** Klaviyo: JSON:API puts the profile of an event beside it. */
function included(item: JsonObject): Person | undefined {
  const profiles = objectsOf(objectOf(item.payload).included).filter(({ type }) => type === 'profile');
  const [profile] = profiles;
  if (profile === undefined || profiles.length > 1) return undefined;
  const { email, phone_number, external_id } = objectOf(profile.attributes);
  return {
    userId: idOf(external_id),
    email: firstEmail(email),
    phone: firstPhone(phone_number),
    externalIds: { klaviyo_profile_id: idOf(profile.id) },
  };
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
