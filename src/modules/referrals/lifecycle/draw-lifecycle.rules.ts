import { DIRECTIONS, FINAL_STATES, LIFECYCLE, REFERRAL_STATES } from './lifecycle-table.rules.ts';
import type { ClockEffect, Direction, LifecycleRow } from './lifecycle-table.rules.ts';

/** Words of the reader's language for the codes of the table. */
export interface LifecycleWords {
  state(state: string): string;
  move(move: string): string;
  mover(mover: string): string;
  need(need: string): string;
  effect(effect: ClockEffect): string;
  direction(direction: Direction): string;
}

/** The table as rows of text: move, from, to, who, needs, clocks. */
export function lifecycleRows(direction: Direction, words: LifecycleWords): string[][] {
  return LIFECYCLE.filter((row) => row.direction === direction).map((row) => [
    words.move(row.move), row.from.map(words.state).join(', ') || '–', row.to === null ? '=' : words.state(row.to), row.who.map(words.mover).join(', '),
    row.needs.map(words.need).join(', '), row.clocks.map(words.effect).join(', '),
  ]);
}

interface Arrow {
  readonly from: string | null;
  readonly to: string;
  readonly moves: string[];
}

/** One arrow from state to state, however many moves lead along it. */
function arrowsOf(direction: Direction, words: LifecycleWords): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const row of LIFECYCLE.filter((each) => each.direction === direction)) {
    for (const from of row.from.length > 0 ? row.from : [null]) {
      const to = row.to ?? (from as string);
      const key = `${from ?? ''}>${to}`;
      const arrow = arrows.get(key) ?? { from, to, moves: [] };
      arrow.moves.push(words.move(row.move));
      arrows.set(key, arrow);
    }
  }
  return [...arrows.values()];
}

const statesOf = (direction: Direction): string[] => {
  const rows: readonly LifecycleRow[] = LIFECYCLE.filter((row) => row.direction === direction);
  return REFERRAL_STATES.filter((state) => rows.some((row) => row.to === state || row.from.includes(state)));
};

// What a diagram language would read as its own sign is left out of labels.
const plain = (text: string): string => text.replace(/["\\;:#<>{}]/g, ' ').replace(/\s+/g, ' ').trim();

/** A state diagram for Mermaid: both directions one beneath the other. */
export function lifecycleMermaid(words: LifecycleWords): string {
  const lines = DIRECTIONS.flatMap((direction) => [
    `  state "${plain(words.direction(direction))}" as ${direction} {`,
    ...statesOf(direction).map((state) => `    state "${plain(words.state(state))}" as ${direction}_${state}`),
    ...arrowsOf(direction, words).map(({ from, to, moves }) => `    ${from === null ? '[*]' : `${direction}_${from}`} --> ${direction}_${to}: ${plain(moves.join(', '))}`),
    ...FINAL_STATES.map((state) => `    ${direction}_${state} --> [*]`),
    '  }',
  ]);
  return ['stateDiagram-v2', ...lines].join('\n');
}

/** The same for Graphviz. */
export function lifecycleDot(words: LifecycleWords): string {
  const lines = DIRECTIONS.flatMap((direction) => [
    `  subgraph cluster_${direction} {`, `    label="${plain(words.direction(direction))}";`, `    ${direction}_begin [shape=point];`,
    ...statesOf(direction).map((state) => `    ${direction}_${state} [label="${plain(words.state(state))}"${FINAL_STATES.some((last) => last === state) ? ', peripheries=2' : ''}];`),
    ...arrowsOf(direction, words).map(({ from, to, moves }) => `    ${direction}_${from ?? 'begin'} -> ${direction}_${to} [label="${plain(moves.join(', '))}"];`),
    '  }',
  ]);
  return ['digraph lifecycle {', '  rankdir=LR;', '  node [shape=box, style=rounded];', ...lines, '}'].join('\n');
}
