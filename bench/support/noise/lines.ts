import type { Random } from '../../../src/demo/random.ts';
import type { HardCase, Lookalikes } from './caseload.ts';
import { NAME_WAYS } from './name-noise.ts';
import type { NameWay } from './name-noise.ts';
import { fullName } from './persons.ts';
import type { Person } from './persons.ts';

/** What may become of a line: money may move only so, and on this case; `due` says that it has to. */
export type Truth = { readonly moves: 'posted' | 'returned' | 'pending' | 'duplicate' | 'none'; readonly caseId: string; readonly disbursementId?: string; readonly due: boolean; readonly noise: readonly string[] };

export const money = (minor: number): string => `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
export const day = (n: number, month = 3): string => `2026-${String(month).padStart(2, '0')}-${String(n).padStart(2, '0')}`;
export const cell = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export class Sheet {
  readonly rows: string[];
  readonly #file: string;
  readonly #truth: Map<string, Truth>;
  constructor(file: string, heading: string, truth: Map<string, Truth>) {
    this.#file = file;
    this.rows = [heading];
    this.#truth = truth;
  }
  add(cells: readonly string[], truth: Truth): void {
    this.rows.push(cells.map(cell).join(','));
    this.#truth.set(`${this.#file}:${this.rows.length}`, truth);
  }
  get text(): string { return `${this.rows.join('\n')}\n`; }
}

export type PrintedName = { readonly text: string; readonly way: NameWay | null };

export function printName(p: Person, isNoisy: boolean, random: Random): PrintedName {
  if (!isNoisy) return { text: fullName(p), way: null };
  const way = random.pick(NAME_WAYS.filter((w) => w.for === 'both' || w.for === (p.isKorean ? 'korean' : 'latin')));
  const text = way.print(p, random);
  return text === fullName(p) ? { text, way: null } : { text, way };
}

const keeps = (n: PrintedName): 'whole' | 'part' | 'doubt' => n.way?.keeps ?? 'whole';

/** Whether a person with the names beside a number that is left so would have no doubt. */
export function isCertain(leaves: 'whole' | 'slip' | 'lost' | 'wrong' | 'two', names: readonly PrintedName[], c: HardCase, like: Lookalikes): boolean {
  const doubts = names.filter((n) => keeps(n) === 'doubt').length;
  const parts = names.filter((n) => keeps(n) !== 'whole').length;
  if (leaves === 'whole') return doubts === 0;
  if (leaves === 'slip') return parts === 0 && like.isOnlyCouple(c);
  return leaves === 'lost' && parts === 0 && like.isOnlyCouple(c);
}
