import type { Workspace } from '#kernel';
import type { SourceChanged, SourceCreated, WriteKeyEnds, WriteKeyIssued } from '../config-event.ts';
import { DEFAULT_SETTINGS } from './source.ts';
import type { Source, WriteKey } from './source.ts';

/** Sources of a workspace by name. */
export type Sources = ReadonlyMap<string, Source>;

/** The sources after an event. One about a source that does not exist changes nothing. */
export function foldSource(
  workspace: Workspace,
  sources: Sources,
  event: SourceCreated | SourceChanged | WriteKeyIssued | WriteKeyEnds,
): Sources {
  const before = sources.get(event.source);
  const after = before === undefined ? created(workspace, event) : changed(before, event);
  return after === undefined ? sources : new Map(sources).set(event.source, after);
}

function created(workspace: Workspace, event: Parameters<typeof foldSource>[2]): Source | undefined {
  if (event.type !== 'SourceCreated') return undefined;
  const { source, trust, rateLimit, onViolation, country, mapping, signature, at } = event;
  const settings = { ...DEFAULT_SETTINGS, ...(country === undefined ? {} : { country }) };
  return {
    workspace,
    source,
    trust,
    ...settings,
    rateLimit,
    onViolation,
    mapping,
    signature,
    keys: [],
    createdAt: at,
  };
}

function changed(source: Source, event: Parameters<typeof foldSource>[2]): Source | undefined {
  switch (event.type) {
    case 'SourceCreated':
      return undefined;
    case 'SourceChanged': {
      const { rateLimit, onViolation, country, mapping, signature } = event;
      return {
        ...source,
        ...(rateLimit === undefined ? {} : { rateLimit }),
        ...(onViolation === undefined ? {} : { onViolation }),
        ...(country === undefined ? {} : { country }),
        ...(mapping === undefined ? {} : { mapping }),
        ...(signature === undefined ? {} : { signature }),
      };
    }
    case 'WriteKeyIssued': {
      const { keyId, mark, hint, at } = event;
      return { ...source, keys: [...source.keys, { keyId, mark, hint, issuedAt: at, endsAt: null }] };
    }
    case 'WriteKeyEnds':
      return { ...source, keys: ended(source.keys, event) };
  }
}

function ended(keys: readonly WriteKey[], { keyId, mark, hint, endsAt }: WriteKeyEnds): readonly WriteKey[] {
  if (!keys.some((key) => key.keyId === keyId))
    return [...keys, { keyId, mark, hint, issuedAt: null, endsAt }];
  return keys.map((key) => (key.keyId === keyId ? { ...key, endsAt } : key));
}
