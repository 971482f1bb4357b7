import type { TouchpointKind } from './envelope.ts';
import { eventTime } from './event-time.ts';
import { extractIdentifiers } from './extraction.ts';
import { anchorIndex, contradictedNamespace } from './identifier-collector.ts';
import { draftPayload, type Draft } from './item-payload.ts';
import { isTooLarge, tooLarge, weigh } from './item-size.ts';
import { isObject, typeName, type JsonObject } from './json.ts';
import { ITEM_BYTES_LIMIT } from './limits.ts';
import { messageKey } from './message-key.ts';
import { normaliseOpaque } from './normalise.ts';
import { kindOf } from './touchpoint-kind.ts';
import type { Accepted, Arrival, Fault, Identifier, Refused } from './touchpoint.ts';

/**
 * Turns one JSON item of the Segment wire format into a touchpoint, or says why it is none. Pure, total over all
 * JSON values; the item is not changed, but the touchpoint shares its nested objects.
 */
export function acceptItem(raw: unknown, arrival: Arrival): Accepted | Refused {
  const { index, receivedAt } = arrival;
  if (!isObject(raw)) {
    return refused(index, {
      code: 'invalid_item',
      field: '',
      message: `the item must be an object, it is ${typeName(raw)}`,
    });
  }
  const kind = arrival.call ?? (typeof raw.type === 'string' ? kindOf(raw.type) : undefined);
  if (kind === undefined) {
    return refused(index, {
      code: 'unknown_type',
      field: 'type',
      message: 'type must be one of track, identify, page, screen, group, alias',
    });
  }
  const limit = arrival.bytesLimit ?? ITEM_BYTES_LIMIT;
  const weight = weigh(raw, arrival.batch, limit);
  if (weight.outcome === 'refused') return refused(index, weight.fault);
  const drafted = draftPayload(raw, kind, arrival);
  if ('fault' in drafted) return refused(index, drafted.fault);
  const { draft } = drafted;
  const fault = missingField(draft, kind, raw);
  if (fault !== undefined) return refused(index, fault);
  if (isTooLarge(draft, Math.min(weight.mostBytes, arrival.bytes ?? weight.mostBytes), limit)) {
    return refused(index, tooLarge(limit));
  }

  const time = eventTime(draft, receivedAt);
  if (time.fault !== undefined && arrival.strict) return refused(index, time.fault);
  const found = extractIdentifiers(raw, draft, arrival.trust, arrival.reading);
  if (!found.named && arrival.keepUnnamed !== true) return refused(index, NO_IDENTIFIER);

  const key = messageKey(draft, time.named, index);
  const faults = found.faults;
  const flags: string[] = [];
  if (time.fault !== undefined) {
    faults.push(time.fault);
    flags.push(time.fault.code);
  }
  flags.push(...found.marks);
  const anchor = chooseAnchor(found, flags);
  const recordId = recordIdOf(draft, arrival, faults);
  if (flags.length > 0) draft.flags = flags;
  return {
    outcome: 'accepted',
    touchpoint: {
      workspace: arrival.workspace,
      source: arrival.source,
      kind,
      receivedAt,
      at: time.at,
      index,
      identifiers: anchor === -1 ? found.identifiers.filter(isNamed) : found.identifiers,
      anchor,
      ...(recordId === undefined ? undefined : { recordId }),
      messageKey: key,
      payload: draft,
    },
    warnings: faults.length === 0 ? NO_WARNINGS : faults.map((each) => ({ index, ...each })),
  };
}

function isNamed({ derived }: Identifier): boolean {
  return derived === undefined;
}

const NO_WARNINGS: readonly never[] = [];

const NO_IDENTIFIER: Fault = {
  code: 'no_identifier',
  field: 'userId',
  message: 'the item names nobody: send userId, anonymousId or another identifier',
};

function refused(index: number, fault: Fault): Refused {
  return { outcome: 'refused', error: { index, ...fault } };
}

function missingField(draft: Draft, kind: TouchpointKind, raw: JsonObject): Fault | undefined {
  switch (kind) {
    case 'track':
      return typeof raw.event === 'string' && raw.event.trim() !== '' ? undefined : missing('event', kind);
    case 'group':
      return isBlank(draft.groupId) ? missing('groupId', kind) : undefined;
    case 'alias':
      if (isBlank(draft.previousId)) return missing('previousId', kind);
      return isBlank(draft.userId) ? missing('userId', kind) : undefined;
    case 'identify':
    case 'page':
    case 'screen':
      return undefined;
  }
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

function missing(field: string, kind: TouchpointKind): Fault {
  return { code: 'missing_field', field, message: `${field} is required in ${kind} and must not be empty` };
}

/** R3 and the anchor rule of design §5; notes in `flags` and the faults why there is no anchor. */
function chooseAnchor(found: ReturnType<typeof extractIdentifiers>, flags: string[]): number {
  const contradicted = contradictedNamespace(found.identifiers);
  if (contradicted !== undefined) {
    flags.push('identifiers_contradict');
    found.faults.push({
      code: 'identifiers_contradict',
      field: contradicted,
      message: `the item names more than one ${contradicted}; it is kept, but in nobody's profile`,
      limit: 1,
    });
    return -1;
  }
  const anchor = anchorIndex(found.identifiers);
  if (anchor === -1) {
    flags.push('unattributed');
    found.faults.push({
      code: 'unattributed',
      field: '',
      message: "no identifier of the item can be used; it is kept, but in nobody's profile",
    });
  }
  return anchor;
}

/** Only a `server` source may name a record: one that anybody could name, anybody could supersede. */
function recordIdOf(draft: Draft, arrival: Arrival, faults: Fault[]): string | undefined {
  const temas = draft.context?.temas;
  if (arrival.trust !== 'server' || !isObject(temas)) return undefined;
  const { recordId } = temas;
  if (recordId === undefined || recordId === null) return undefined;
  const normalised = normaliseOpaque(recordId);
  if (normalised.outcome === 'valid') return normalised.value;
  if (normalised.outcome === 'invalid') {
    const field = 'context.temas.recordId';
    faults.push({ code: 'record_id_invalid', field, message: `${field} ${normalised.why}; not used` });
  }
  return undefined;
}
