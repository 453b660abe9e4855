import { csvCell, harmlessCell } from '../formats/tables/csv-writer.rules.ts';
import type { Delimiter } from '../formats/tables/csv.rules.ts';
import { csvSpans } from '../formats/tables/csv.rules.ts';

/** Adds cells at the end of lines of delimited text, and changes nothing else: every byte that the partner wrote stays where it was. */

export interface Additions {
  /** The line of the heading; 0 where there is none. */
  headingLine: number;
  heading: readonly string[];
  /** What is added to a record, by the line on which it starts. */
  byLine: ReadonlyMap<number, readonly string[]>;
}

/** Pieces of text, told apart by who wrote them. */
export type Piece = { theirs: [from: number, to: number] } | { ours: string };

/**
 * Where in the text which cells go. `width` is how many cells the heading has: shorter lines get empty ones first, so that ours stand under their
 * headings. Null when a line is not found again, so that nothing is put where it does not belong.
 */
export function annotationPieces(text: string, delimiter: Delimiter, width: number, additions: Additions): Piece[] | null {
  const pieces: Piece[] = [];
  const quotes = usesQuotes(text, delimiter) ? 'all' : 'needed';
  const headingText = headingOf(text, delimiter, additions.headingLine);
  let from = 0;
  let found = 0;
  for (const span of csvSpans(text, delimiter)) {
    const isHeading = span.line === additions.headingLine || (headingText !== null && span.line > additions.headingLine && text.slice(span.from, span.to) === headingText);
    const cells = isHeading ? additions.heading : additions.byLine.get(span.line);
    if (!cells) continue;
    if (!isHeading) found++;
    pieces.push({ theirs: [from, span.to] });
    const padding = delimiter.repeat(Math.max(0, width - span.cells));
    pieces.push({ ours: padding + cells.map((cell) => delimiter + csvCell(harmlessCell(cell), { delimiter, quotes })).join('') });
    from = span.to;
  }
  pieces.push({ theirs: [from, text.length] });
  return found === additions.byLine.size ? pieces : null;
}

/** A partner that puts every cell in quotes gets ours in quotes, too. */
function usesQuotes(text: string, delimiter: Delimiter): boolean {
  const sample = text.slice(0, 20_000);
  const between = sample.split(`"${delimiter}"`).length - 1;
  return between > 0 && between * 2 > sample.split(delimiter).length - 1;
}

function headingOf(text: string, delimiter: Delimiter, headingLine: number): string | null {
  for (const span of csvSpans(text, delimiter)) {
    if (span.line === headingLine) return text.slice(span.from, span.to);
    if (span.line > headingLine) return null;
  }
  return null;
}
