const RANGES_MAX = 1_000;

/** Which bytes of a file were handed out, in whatever order they were asked for. */
export class Coverage {
  #ranges: [number, number][] = [];

  add(from: number, to: number): void {
    const last = this.#ranges.at(-1);
    if (last && from === last[1]) last[1] = Math.max(last[1], to);
    else if (this.#ranges.length < RANGES_MAX) this.#ranges.push([from, to]);
  }

  isWhole(size: number): boolean {
    let reached = 0;
    for (const [from, to] of this.#ranges.sort((a, b) => a[0] - b[0])) {
      if (from > reached) return false;
      reached = Math.max(reached, to);
    }
    return reached >= size;
  }
}

const FILES_MAX = 1_000;

/** What was handed out of which file, over the sessions of one partner: whoever goes on where a download ended gets the rest, and has the whole. */
export class CoverageBook {
  readonly #files = new Map<string, Coverage>();

  of(name: string): Coverage {
    const found = this.#files.get(name) ?? new Coverage();
    this.#files.delete(name);
    this.#files.set(name, found);
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size > FILES_MAX) this.#files.delete(oldest);
    return found;
  }

  forget(name: string): void {
    this.#files.delete(name);
  }
}
