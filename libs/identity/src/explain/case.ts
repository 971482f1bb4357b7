import type { Ref } from '#kernel';
import type { CommandRow, EvidenceRow } from '../identity-rows.ts';
import { operatorEdges, type OperatorEdges } from '../operator-edges.ts';
import type { RawComponent } from '../raw-component.ts';
import { resolve, type Resolution } from '../resolve.ts';
import type { IdentityRules } from '../rules.ts';
import { edgesOf, type Edge, type RowOf } from '../star-edges.ts';

/** Everything that decides about some identifiers, and what the rules make of it. */
export interface Case {
  readonly refs: readonly Ref[];
  readonly rowOf: RowOf;
  readonly evidence: readonly EvidenceRow[];
  /** Some of what was said of quarantined identifiers that were asked for: it decides nothing. */
  readonly aside: readonly EvidenceRow[];
  readonly commands: readonly CommandRow[];
  readonly operators: OperatorEdges;
  /** In canonical order. */
  readonly edges: readonly Edge[];
  readonly resolution: Resolution;
  readonly rules: IdentityRules;
}

/** Decides a raw component as the engine does, so that what is explained is what was decided. */
export function caseOf(
  raw: RawComponent,
  aside: readonly EvidenceRow[],
  rowOf: RowOf,
  rules: IdentityRules,
): Case {
  const evidence = [...raw.evidence.values()];
  const operators = operatorEdges(raw.commands, rowOf);
  const edges = edgesOf(evidence, rowOf, rules);
  const resolution = resolve(raw.refs, edges, operators, rowOf, rules);
  return {
    refs: raw.refs,
    rowOf,
    evidence,
    aside,
    commands: raw.commands,
    operators,
    edges,
    resolution,
    rules,
  };
}

/** What the rules would make of the case without some of its links and orders. */
export function resolveWithout(
  { refs, rowOf, commands, edges, rules }: Case,
  isGone: (edge: Edge) => boolean,
  isUndone: (command: CommandRow) => boolean,
): { readonly resolution: Resolution; readonly operators: OperatorEdges; readonly edges: readonly Edge[] } {
  const operators = operatorEdges(
    commands.filter((command) => !isUndone(command)),
    rowOf,
  );
  const rest = edges.filter((edge) => !isGone(edge));
  return { resolution: resolve(refs, rest, operators, rowOf, rules), operators, edges: rest };
}
