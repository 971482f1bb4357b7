import { isObject, objectsOf, type JsonObject } from '../json.ts';
import { firstEmail, firstId, firstPhone, idOf, type Person } from '../person.ts';
import { dialectPerson } from './generic-dialects.ts';
import { fieldsOf, valueOf, type Fields } from './generic-bodies.ts';

/** Objects that are the person an event is about, best first. Staff (`agent`, `owner`, `author`, …) are never asked. */
const CUSTOMERS = ['customer', 'contact', 'buyer', 'payer', 'shopper', 'consumer', 'subscriber', 'invitee'];
const OTHERS = [
  'user',
  'member',
  'lead',
  'person',
  'profile',
  'client',
  'respondent',
  'attendee',
  'recipient',
  'visitor',
  'voter',
];
/** Lists of people: one alone is whom the item is about. */
const LISTS = ['attendees', 'invitees', 'customers', 'recipients'];
/** They hold a buyer's address and no id of theirs. */
const BILLING = ['billing', 'billingdetails', 'customerdetails', 'billingaddress'];

const EMAIL_KEYS = ['email', 'emailaddress', 'eposta', 'mail'];
const ROOT_EMAIL_KEYS = [
  ...EMAIL_KEYS,
  ...['useremail', 'customeremail', 'contactemail', 'recipientemail', 'buyeremail', 'payeremail'],
  ...['payeremailaddress', 'subscriberemail', 'shopperemail', 'ticketcontactemail', 'receiptemail'],
  ...['rcptto', 'recipient', 'newemail', 'musterieposta'],
];
const PHONE_KEYS = [
  'phone',
  'phonenumber',
  'mobile',
  'mobilephone',
  'mobilenumber',
  'msisdn',
  'gsm',
  'gsmnumber',
];
const ROOT_PHONE_KEYS = [
  ...PHONE_KEYS,
  ...['userphone', 'customerphone', 'contactphone', 'recipientphone', 'buyerphone', 'telefon', 'ceptelefonu'],
  'recipient',
];
/** The company's own ids before those that a vendor counts. */
const USER_KEYS = ['externaluserid', 'customeruserid', 'shopperreference', 'userid', 'appuserid'];
/** Objects in which a vendor hands back what the company's own code has put there. */
const PASSED_ON = new Set(['metadata', 'uservariables', 'hidden', 'customdata', 'customfields']);
const CUSTOMER_KEYS = ['customerid', 'customernumber', 'musterino'];
/** Ids of a vendor's own list; short ones are counted up by every vendor and would meet each other's. */
const VENDOR_KEYS: readonly (readonly [string, string])[] = [
  ['contactid', 'contact_id'],
  ['subscriberid', 'subscriber_id'],
  ['leadid', 'lead_id'],
];
const LEAST_VENDOR_ID = 8;

/** `cus_Nff…`: an id that a vendor has made up for a customer. */
const VENDOR_STYLE = /^[a-z]{2,8}_[A-Za-z0-9]{8,}$/;

/** Objects that say of themselves that they are a person. */
const PERSON_TYPES = new Set(['contact', 'customer', 'user', 'lead', 'subscriber']);

/** The person that an item of unknown shape is about, by the usual names at the usual places. */
export function genericPerson(bodies: readonly Fields[]): Person {
  const [item] = bodies;
  if (item === undefined) return {};
  const known = dialectPerson(item, bodies);
  if (known !== undefined) return known;
  const customers = nested(bodies, CUSTOMERS);
  // Beside a customer a `user` is most often the member of staff who serves them.
  const others = customers.length > 0 ? [] : [...nested(bodies, OTHERS), ...listed(bodies)];
  const selves = bodies.filter((body) => isPerson(body));
  const people = [...customers, ...selves, ...others];
  const customerId = firstId(
    ...each(people, ['externaluserid', 'externalid', 'userid']),
    ...each(
      bodies.filter(({ name }) => PASSED_ON.has(name)),
      USER_KEYS,
    ),
    ...each(bodies, CUSTOMER_KEYS),
    ...each(
      customers.filter(({ name }) => name === 'customer'),
      ['id'],
    ),
  );
  const userId = customerId ?? firstId(...each(bodies, USER_KEYS), ...each(userObjects(others), ['id']));
  const ofVendor = userId !== undefined && VENDOR_STYLE.test(userId);
  const customerText = firstId(...each(bodies, ['customer']));
  return {
    userId: ofVendor ? undefined : userId,
    anonymousId: firstId(...each(bodies, ['anonymousid']), ...each(people, ['anonymousid'])),
    email: firstEmail(
      ...[
        ...each(people, ROOT_EMAIL_KEYS),
        ...each(bodies, ROOT_EMAIL_KEYS),
        ...each(nested(bodies, BILLING), EMAIL_KEYS),
      ].map(contactOf),
    ),
    phone: firstPhone(
      ...[
        ...each(people, PHONE_KEYS),
        ...each(bodies, ROOT_PHONE_KEYS),
        ...each(nested(bodies, BILLING), PHONE_KEYS),
      ].map(contactOf),
    ),
    externalIds: {
      customer_id: ofVendor ? userId : vendorStyle(customerText ?? idOf(selfId(selves))),
      ...Object.fromEntries(
        VENDOR_KEYS.map(([key, namespace]) => [namespace, longId(firstId(...each(bodies, [key])))]),
      ),
    },
  };
}

function nested(bodies: readonly Fields[], names: readonly string[]): readonly Fields[] {
  return names.flatMap((name) =>
    bodies.flatMap((body) => {
      const value = valueOf(body, name);
      return isObject(value) ? [fieldsOf(value, name)] : [];
    }),
  );
}

/** The one person of a list of people. */
function listed(bodies: readonly Fields[]): readonly Fields[] {
  return LISTS.flatMap((name) =>
    bodies.flatMap((body) => {
      const people = objectsOf(valueOf(body, name));
      return people.length === 1 ? [fieldsOf(people[0] as JsonObject, name)] : [];
    }),
  );
}

/** Some write an address or a number as an object, or as a list with a primary one. */
function contactOf(value: unknown): unknown {
  if (isObject(value)) return value.value ?? value.address ?? value.email;
  if (!Array.isArray(value)) return value;
  const chosen: unknown =
    value.length === 1 ? value[0] : objectsOf(value).find(({ primary }) => primary === true);
  return isObject(chosen) ? (chosen.value ?? chosen.address ?? chosen.email) : chosen;
}

/** Values of the names in the objects, objects first: the best object decides. */
function each(objects: readonly Fields[], names: readonly string[]): readonly unknown[] {
  return objects.flatMap((object) => names.map((name) => valueOf(object, name)));
}

function userObjects(objects: readonly Fields[]): readonly Fields[] {
  return objects.filter(({ name }) => name === 'user');
}

/** `{ object: "customer", … }` of Stripe, `{ type: "contact", … }` of Intercom. */
function isPerson(body: Fields): boolean {
  const type = valueOf(body, 'object') ?? valueOf(body, 'type');
  return body.name !== '' && typeof type === 'string' && PERSON_TYPES.has(type);
}

function selfId(selves: readonly Fields[]): unknown {
  return selves[0] === undefined ? undefined : valueOf(selves[0], 'id');
}

function vendorStyle(id: string | undefined): string | undefined {
  return id !== undefined && VENDOR_STYLE.test(id) ? id : undefined;
}

function longId(id: string | undefined): string | undefined {
  return id !== undefined && id.length >= LEAST_VENDOR_ID ? id : undefined;
}
