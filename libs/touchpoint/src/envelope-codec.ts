import {
  isName,
  messageOf,
  toJsonBytes,
  type EventId,
  type Ref,
  type SourceName,
  type Workspace,
} from '#kernel';
import type { Envelope, EnvelopeRef, Strength } from './envelope.ts';
import { BrokenEnvelope } from './errors.ts';
import { isObject } from './json.ts';
import { EVENT_NAMESPACE, isEnvelopeNamespace, namespaceRules } from './namespaces.ts';
import { isEnvelopeKind } from './touchpoint-kind.ts';

/** An envelope as the log keeps it: a UTF-8 JSON object with named fields, refs as decimal strings. */
export function encodeEnvelope(envelope: Envelope): Buffer {
  return toJsonBytes(envelope);
}

/**
 * Reads what `encodeEnvelope` wrote. Unknown fields are left out: a server may add its own.
 * Throws `BrokenEnvelope` for anything that is no envelope.
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw new BrokenEnvelope(`envelope is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isObject(json)) throw new BrokenEnvelope('envelope is no object');
  const { eventId, workspace, source, kind, schema, receivedAt, at, index, rules, alg, refs, recordRef } =
    json;
  if (typeof eventId !== 'string' || !UUID.test(eventId)) throw broken('eventId');
  if (typeof workspace !== 'string' || !isName(workspace)) throw broken('workspace');
  if (typeof source !== 'string' || !isName(source)) throw broken('source');
  if (!isEnvelopeKind(kind)) throw broken('kind');
  if (!isCount(schema)) throw broken('schema');
  if (!isCount(receivedAt)) throw broken('receivedAt');
  if (!isCount(at)) throw broken('at');
  if (!isCount(index)) throw broken('index');
  if (!isCount(rules)) throw broken('rules');
  if (alg !== 'xc1') throw broken('alg');
  if (!Array.isArray(refs) || refs.length === 0) throw broken('refs');
  if (recordRef !== undefined && !isRef(recordRef)) throw broken('recordRef');
  return {
    eventId: eventId as EventId,
    workspace: workspace as Workspace,
    source: source as SourceName,
    kind,
    schema,
    receivedAt,
    at,
    index,
    rules,
    alg,
    refs: refs.map(decodeRef),
    ...(recordRef === undefined ? undefined : { recordRef }),
  };
}

/**
 * What a sealed body is bound to: the envelope as UTF-8 JSON of an array in fixed order, so that no adapter's order of
 * keys or spacing matters. Changing it makes every touchpoint ever written unreadable.
 */
export function associatedData(envelope: Envelope): Buffer {
  const { eventId, workspace, source, kind, schema, receivedAt, at, index, rules, alg, recordRef } = envelope;
  // Put together by hand at half the cost of `JSON.stringify`: no field has a character that JSON would escape.
  let refs = '';
  for (const { ns, ref, strength, derived } of envelope.refs) {
    refs += `${refs === '' ? '' : ','}["${ns}","${ref}",${strength},${derived === true ? 1 : 0}]`;
  }
  const record = recordRef === undefined ? 'null' : `"${recordRef}"`;
  return Buffer.from(
    `["${eventId}","${workspace}","${source}","${kind}",` +
      `${schema},${receivedAt},${at},${index},${rules},"${alg}",[${refs}],${record}]`,
    'utf8',
  );
}

/**
 * The ref that decides attribution and key: that of namespace `event` if there is one, else the first of the best
 * namespace; never a guess. Throws `BrokenEnvelope` for an envelope without refs.
 */
export function anchorOf(envelope: Envelope): Ref {
  let anchor: EnvelopeRef | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const each of envelope.refs) {
    if (each.ns === EVENT_NAMESPACE) return each.ref;
    if (each.derived === true) continue;
    const { priority } = namespaceRules(each.ns);
    if (priority < best) {
      best = priority;
      anchor = each;
    }
  }
  if (anchor === undefined) throw broken('refs');
  return anchor.ref;
}

/** True if the touchpoint belongs to nobody and has a key of its own. */
export function isUnattributed(envelope: Envelope): boolean {
  return envelope.refs.some(({ ns }) => ns === EVENT_NAMESPACE);
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const DECIMAL = /^(?:0|[1-9]\d{0,18})$/;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRef(value: unknown): value is Ref {
  return typeof value === 'string' && DECIMAL.test(value);
}

function decodeRef(value: unknown): EnvelopeRef {
  if (!isObject(value)) throw broken('refs');
  const { ns, ref, strength, derived } = value;
  if (typeof ns !== 'string' || !isEnvelopeNamespace(ns)) throw broken('refs.ns');
  if (!isRef(ref)) throw broken('refs.ref');
  if (strength !== 0 && strength !== 1 && strength !== 2) throw broken('refs.strength');
  const kept: { ns: string; ref: Ref; strength: Strength } = { ns, ref, strength };
  return derived === true ? { ...kept, derived } : kept;
}

function broken(field: string): BrokenEnvelope {
  return new BrokenEnvelope(`envelope has no valid ${field}`);
}
