import type { Erasure, ErasedProjections, ErasureReport } from '#erasure';
import { countErasedState } from '#projection';
import type { FitRunner } from '#scoring';
import { countErased, eraseScores } from '#warehouse';
import type { Warehouse } from '#warehouse';
import type { ProjectionRuntime } from '../projection-runtime.ts';

/** The projections of this process as an erasure sees them. */
export class LocalErasedProjections implements ErasedProjections {
  constructor(
    private readonly runtime: ProjectionRuntime,
    private readonly warehouse: Warehouse,
    private readonly fits: Pick<FitRunner, 'working'>,
  ) {}

  /** A fit that began before may still write scores of the person: it is waited for. */
  async settled({ position }: Erasure): Promise<boolean> {
    return this.runtime.hasErased(position) && !this.fits.working;
  }

  async scrub(erasure: Erasure): Promise<Pick<ErasureReport, 'stateStore' | 'warehouse'>> {
    const { workspace, profiles, refs, kept } = erasure;
    const { runtime, warehouse } = this;
    await eraseScores(warehouse, workspace, profiles);
    const anchors = refs.map(({ ref }) => ref);
    const shared = new Set(kept.map(({ ref }) => ref));
    const devices = anchors.filter((ref) => !shared.has(ref));
    const erased = { workspace, anchors, devices, profiles, orders: [] };
    return {
      stateStore: { rowsLeft: await countErasedState(runtime.current.state, devices) },
      warehouse: { rowsLeft: await countErased(warehouse, runtime.generationNumber, erased) },
    };
  }
}
