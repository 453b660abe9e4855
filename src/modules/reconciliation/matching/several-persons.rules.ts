// One cell that names two persons ("Tiffany Nguyen, Cho Suyoung"): a person divides such a line.
import { printedNameKeys } from '../../../platform/names/index.ts';

const MARKS = /[,;/&+|]|\s(?:y|e|and)\s/iu;

/** Whether a mark parts the text into pieces that may each be a whole name. "Pérez Villa, María Fernanda" is so, too: that it agrees tells it apart. */
export function mayNameSeveral(printed: string): boolean {
  return MARKS.test(printed) && printed.split(MARKS).filter((part) => printedNameKeys(part).length > 0).length > 1;
}
