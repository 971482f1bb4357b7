import type { Lag } from '#apps/process';

/** A rebuild as its watcher sees it; positions are decimal. */
export type RebuildState =
  | { readonly status: 'none' }
  | { readonly status: 'running'; readonly step: string; readonly position: string; readonly of: string }
  | { readonly status: 'succeeded'; readonly equal: boolean; readonly report: object }
  | { readonly status: 'failed'; readonly message: string };

/** What operators ask of the projections, wherever these run. */
export abstract class Operations {
  /** How far each projection is behind. */
  abstract lags(): Promise<readonly Lag[]>;

  /** The rebuild under way, or how the last one ended. */
  abstract rebuildState(): Promise<RebuildState>;

  /** Begins a rebuild; `undefined` if one is under way. */
  abstract startRebuild(): Promise<RebuildState | undefined>;
}
