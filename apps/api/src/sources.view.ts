import type { KeyShown, Source, SourceDone } from '#config';
import { isoTime } from '#kernel';
import type { ChangedSourceBody, KeyShownBody, SourceBody } from './sources.dto.ts';

/** A source as the API shows it: neither marks of keys nor secrets. */
export function sourceView(source: Source): SourceBody {
  const {
    workspace,
    source: name,
    trust,
    rateLimit,
    onViolation,
    country,
    mapping,
    signature,
    createdAt,
  } = source;
  return {
    workspace,
    source: name,
    trust,
    rateLimit,
    onViolation,
    country,
    mapping,
    signature: signature === null ? null : { scheme: signature.scheme },
    writeKeys: source.keys.map(({ keyId, hint, issuedAt, endsAt }) => ({
      keyId,
      hint,
      issuedAt: timeOrNull(issuedAt),
      endsAt: timeOrNull(endsAt),
    })),
    createdAt: timeOrNull(createdAt),
  };
}

/** A source after a change. */
export function changedView({ source, position }: SourceDone<string>): ChangedSourceBody {
  return { ...sourceView(source), position: position.toString() };
}

/** A source with its new key. */
export function keyView(shown: KeyShown<string>): KeyShownBody {
  const { key, keyId } = shown;
  return { ...changedView(shown), writeKey: key, keyId, webhookPath: `/v1/sources/${key}/webhook` };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
