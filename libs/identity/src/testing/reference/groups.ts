/** Disjoint sets of things, plainly. A thing never united is a set of its own. */
export class Groups<T> {
  readonly #of = new Map<T, Set<T>>();

  of(thing: T): Set<T> {
    let group = this.#of.get(thing);
    if (group === undefined) {
      group = new Set([thing]);
      this.#of.set(thing, group);
    }
    return group;
  }

  unite(a: T, b: T): void {
    const [left, right] = [this.of(a), this.of(b)];
    if (left === right) return;
    for (const thing of right) {
      left.add(thing);
      this.#of.set(thing, left);
    }
  }
}
