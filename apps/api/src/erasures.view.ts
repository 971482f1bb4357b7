import type { ErasureCase, NamedRef } from '#erasure';
import { isoTime } from '#kernel';
import type { ErasedIdentifierBody, ErasureView } from './erasures.dto.ts';

/** An erasure as its certificate. */
export function erasureView({ erasure, finished }: ErasureCase): ErasureView {
  const { erasureId, profileId, actor, reason, at, position, refs, kept, sharedWith } = erasure;
  return {
    id: erasureId,
    state: finished === undefined ? 'running' : 'done',
    profileId,
    actor,
    reason,
    orderedAt: isoTime(at),
    finishedAt: finished === undefined ? null : isoTime(finished.at),
    position: position.toString(),
    identifiers: refs.map(shown),
    kept: kept.map(shown),
    sharedWith: sharedWith.map(shown),
    stores: finished === undefined ? null : storesOf(finished),
  };
}

function storesOf({ at, report }: NonNullable<ErasureCase['finished']>): ErasureView['stores'] {
  const { refs, suppressed, keysLeft, remains } = report.keyStore;
  return {
    keyStore: { destroyed: refs, suppressed, keysLeft, remains, backupsBefore: isoTime(at) },
    stateStore: report.stateStore,
    warehouse: report.warehouse,
    eventLog: 'the events stay, sealed under the keys that were destroyed; nobody can open them',
  };
}

function shown({ ns, ref }: NamedRef): ErasedIdentifierBody {
  return { namespace: ns, anchor: ref };
}
