// What the numbers of this office look like, and whether a remark may name one that was not read.
import { isReadInPart } from './printed-number.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

export type Shapes = {
  readonly cases: readonly NumberShape[];
  readonly disbursements: readonly NumberShape[];
  /** Not all kinds of numbers that we have are among them. */
  readonly isCut: boolean;
  readonly partners: ReadonlySet<string>;
};

/** Whether a remark may name something that was not read, or not known as a number of ours. */
export function isRemarkUnread(note: string, shapes: Shapes): boolean {
  return isReadInPart(note) || (shapes.isCut && /\p{Nd}{3}/u.test(note));
}
