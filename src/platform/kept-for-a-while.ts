/** Things made at some cost and asked for again at once, in memory only and for some minutes; what was used longest ago goes first. */
export class KeptForAWhile<Thing> {
  readonly #things = new Map<string, { readonly thing: Thing; readonly bytes: number; readonly until: number }>();
  readonly #limits: { readonly bytes: number; readonly milliseconds: number };
  #bytes = 0;

  constructor(limits: { readonly bytes: number; readonly milliseconds: number }) {
    this.#limits = limits;
  }

  get(name: string): Thing | null {
    const found = this.#things.get(name);
    if (!found) return null;
    this.#remove(name);
    if (found.until < performance.now()) return null;
    this.#things.set(name, found);
    this.#bytes += found.bytes;
    return found.thing;
  }

  put(name: string, thing: Thing, bytes: number): void {
    this.#remove(name);
    if (bytes > this.#limits.bytes) return;
    this.#things.set(name, { thing, bytes, until: performance.now() + this.#limits.milliseconds });
    this.#bytes += bytes;
    for (const oldest of this.#things.keys()) {
      if (this.#bytes <= this.#limits.bytes) return;
      this.#remove(oldest);
    }
  }

  #remove(name: string): void {
    this.#bytes -= this.#things.get(name)?.bytes ?? 0;
    this.#things.delete(name);
  }
}
