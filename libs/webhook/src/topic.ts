/** Headers as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers in which vendors name the event, in the order they are asked. */
const TOPIC_HEADERS = [
  'x-shopify-topic',
  'x-wc-webhook-topic',
  'x-shopline-topic',
  'x-github-event',
  'x-gitlab-event',
  'x-event-key',
  'x-event-type',
  'x-event-name',
  'x-webhook-event',
  'x-webhook-topic',
  'ce-type',
];

/** Longest name of an event, in UTF-16 code units. */
export const NAME_LIMIT = 200;

/** The event that a vendor names outside the body: in a header, else as `?topic=`; `undefined` if in neither. */
export function topicOf(headers: Headers, query: Readonly<Record<string, unknown>> = {}): string | undefined {
  for (const name of TOPIC_HEADERS) {
    const topic = nameOf(headerOf(headers, name));
    if (topic !== undefined) return topic;
  }
  const { topic } = query;
  return nameOf(Array.isArray(topic) ? topic[0] : topic);
}

/** The value of a header whose name is given in lower case; the first where it came more than once. */
export function headerOf(headers: Headers, name: string): string | undefined {
  let value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) {
    const key = Object.keys(headers).find((each) => each.toLowerCase() === name);
    if (key !== undefined) value = headers[key];
  }
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim().slice(0, NAME_LIMIT) || undefined : undefined;
}
