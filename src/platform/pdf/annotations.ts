import {
  PDFArray, PDFDict, PDFName, PDFNumber, PDFRef, PDFStream, concatTransformationMatrix, drawObject, popGraphicsState, pushGraphicsState,
} from 'pdf-lib';
import type { PDFOperator, PDFPage } from 'pdf-lib';

const ANNOTATIONS_MAX = 2_000;
const HIDDEN = 2;
const PRINTED = 4;

/** Four numbers of a rectangle or six of a matrix. */
type Numbers = readonly number[];

/**
 * Draws what lies on a page and would be printed with it (filled fields, stamps, comments) into the page itself, so that it stays
 * where the page is taken into another file: ISO 32000-1, 12.5.5, algorithm 8.1. The page of the loaded document is changed.
 */
export function drawAnnotations(page: PDFPage): void {
  const found = page.node.Annots();
  const drawn: PDFOperator[] = [];
  for (let index = 0; index < Math.min(found?.size() ?? 0, ANNOTATIONS_MAX); index += 1) {
    const annotation = found?.lookup(index);
    if (annotation instanceof PDFDict) drawn.push(...drawnAnnotation(page, annotation, index));
  }
  // What is left would be copied along and drawn by nobody.
  for (const key of ['Annots', 'StructParents', 'AA', 'B', 'Metadata', 'PieceInfo', 'Thumb']) page.node.delete(PDFName.of(key));
  if (drawn.length > 0) page.pushOperators(...drawn);
}

function drawnAnnotation(page: PDFPage, annotation: PDFDict, index: number): PDFOperator[] {
  const flags = annotation.lookup(PDFName.of('F'));
  const bits = flags instanceof PDFNumber ? flags.asNumber() : 0;
  if ((bits & HIDDEN) !== 0 || (bits & PRINTED) === 0) return [];
  const rectangle = numbersOf(annotation.lookup(PDFName.of('Rect')), 4);
  const appearance = appearanceOf(annotation);
  const box = appearance && numbersOf(appearance.stream.dict.lookup(PDFName.of('BBox')), 4);
  if (!rectangle || !appearance || !box) return [];
  const matrix = numbersOf(appearance.stream.dict.lookup(PDFName.of('Matrix')), 6) ?? [1, 0, 0, 1, 0, 0];
  const placing = placingOf(box, matrix, rectangle);
  if (!placing) return [];
  const name = PDFName.of(`PuenteAnnotation${index}`);
  page.node.setXObject(name, appearance.ref);
  const [a, b, c, d, e, f] = placing;
  return [pushGraphicsState(), concatTransformationMatrix(a, b, c, d, e, f), drawObject(name), popGraphicsState()];
}

/** The normal appearance; of several states the one that the annotation is in. */
function appearanceOf(annotation: PDFDict): { ref: PDFRef; stream: PDFStream } | null {
  const appearances = annotation.lookup(PDFName.of('AP'));
  if (!(appearances instanceof PDFDict)) return null;
  const key = PDFName.of('N');
  const normal = appearances.lookup(key);
  if (normal instanceof PDFStream) return refOf(appearances, key, normal);
  const state = annotation.lookup(PDFName.of('AS'));
  if (!(normal instanceof PDFDict) || !(state instanceof PDFName)) return null;
  const stream = normal.lookup(state);
  return stream instanceof PDFStream ? refOf(normal, state, stream) : null;
}

function refOf(holder: PDFDict, key: PDFName, stream: PDFStream): { ref: PDFRef; stream: PDFStream } {
  const held = holder.get(key);
  // A stream with neither is no form XObject, and readers refuse to draw it.
  stream.dict.set(PDFName.of('Type'), PDFName.of('XObject'));
  stream.dict.set(PDFName.of('Subtype'), PDFName.of('Form'));
  return { ref: held instanceof PDFRef ? held : holder.context.register(stream), stream };
}

function numbersOf(found: unknown, count: number): Numbers | null {
  if (!(found instanceof PDFArray) || found.size() !== count) return null;
  const numbers = found.asArray().map((_, index) => found.lookup(index)).map((one) => (one instanceof PDFNumber ? one.asNumber() : NaN));
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** The matrix that brings the transformed box of an appearance onto the annotation's rectangle. */
function placingOf(box: Numbers, matrix: Numbers, rectangle: Numbers): readonly [number, number, number, number, number, number] | null {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box;
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = matrix;
  const corners = [[x1, y1], [x2, y1], [x1, y2], [x2, y2]].map(([x = 0, y = 0]) => [a * x + c * y + e, b * x + d * y + f] as const);
  const [left, right] = [Math.min(...corners.map(([x]) => x)), Math.max(...corners.map(([x]) => x))];
  const [bottom, top] = [Math.min(...corners.map(([, y]) => y)), Math.max(...corners.map(([, y]) => y))];
  const [rx1 = 0, ry1 = 0, rx2 = 0, ry2 = 0] = rectangle;
  if (right - left <= 0 || top - bottom <= 0) return null;
  const scaleX = Math.abs(rx2 - rx1) / (right - left);
  const scaleY = Math.abs(ry2 - ry1) / (top - bottom);
  return [scaleX, 0, 0, scaleY, Math.min(rx1, rx2) - left * scaleX, Math.min(ry1, ry2) - bottom * scaleY];
}
