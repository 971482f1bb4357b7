import type { MappingProblem } from '../errors.ts';

/** Collects what is wrong with a mapping, so that one look shows all of it. */
export class Problems {
  readonly found: MappingProblem[] = [];

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }
}

/** A YAML map with string keys. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** True for a map, false for lists and scalars. */
export function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of one map; every complaint names its place. */
export class Fields {
  constructor(
    private readonly map: YamlMap,
    readonly path: string,
    private readonly problems: Problems,
  ) {}

  /** Complains of every key that is not in the list. */
  only(allowed: readonly string[], of: string): void {
    for (const key of Object.keys(this.map)) {
      if (!allowed.includes(key)) this.bad(key, `is unknown here; ${of} takes ${allowed.join(', ')}`);
    }
  }

  has(key: string): boolean {
    return this.map[key] !== undefined;
  }

  value(key: string): unknown {
    return this.map[key];
  }

  text(key: string): string | undefined {
    const value = this.map[key];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    this.bad(key, 'must be a text that is not empty');
    return undefined;
  }

  flag(key: string): boolean {
    const value = this.map[key] ?? false;
    if (typeof value === 'boolean') return value;
    this.bad(key, 'must be true or false');
    return false;
  }

  /** A whole number from `least` on. */
  count(key: string, least: number): number | undefined {
    const value = this.map[key];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    this.bad(key, `must be a whole number from ${least} on`);
    return undefined;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.map[key];
    if (allowed.includes(value as T)) return value as T;
    this.bad(key, `${value === undefined ? 'is missing' : 'is not known'}: one of ${allowed.join(', ')}`);
    return undefined;
  }

  bad(key: string, message: string): void {
    this.problems.add(this.path === '' ? key : `${this.path}.${key}`, message);
  }
}
