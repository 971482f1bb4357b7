import type { SourceName, Trust, Workspace } from '#kernel';
import type { ConfigState } from '../config-state.ts';
import { DEFAULT_SETTINGS } from './source.ts';
import type { Source, WriteKey } from './source.ts';

/** A source whose key comes from the environment: it exists without an event in the log. */
export interface BootstrapSource {
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly trust: Trust;
  /** Base64 of the key store's mark of the key under the purpose `write-key`. */
  readonly mark: string;
}

/**
 * The configuration with the sources of the environment. The log wins: a key that was ended stays ended, settings
 * that were changed stay changed. A new key in the environment has another mark and is in force.
 */
export function withBootstrap(state: ConfigState, bootstraps: readonly BootstrapSource[]): ConfigState {
  const sources = new Map(state.sources);
  for (const { workspace, source, trust, mark } of bootstraps) {
    if (workspace !== state.workspace) continue;
    const known: Source = sources.get(source) ?? {
      workspace,
      source,
      trust,
      ...DEFAULT_SETTINGS,
      keys: [],
      createdAt: null,
    };
    const keys = known.keys.some((key) => key.mark === mark)
      ? known.keys
      : [environmentKey(mark), ...known.keys];
    sources.set(source, { ...known, keys });
  }
  return { ...state, sources };
}

/** The id follows from the key, so that its end in the log is found again at the next start. */
function environmentKey(mark: string): WriteKey {
  const keyId = `env_${Buffer.from(mark, 'base64').subarray(0, 6).toString('hex')}`;
  return { keyId, mark, hint: '', issuedAt: null, endsAt: null };
}
