import { layoutMultilineText, TextAlignment } from 'pdf-lib';
import type { PDFFont, PDFTextField } from 'pdf-lib';

/** As the forms are printed: larger looks loud, smaller cannot be read. */
const SIZES = [10, 9, 8, 7, 6];
const MARGIN = 2;

/** The largest size at which a text fits all places where the field stands, or null: then it must be shorter. */
export function sizeThatFits(field: PDFTextField, text: string, font: PDFFont): number | null {
  const largest = field.getMaxLength();
  if (largest !== undefined && [...text].length > largest) return null;
  const spaces = field.acroField.getWidgets().map((widget) => {
    const { width, height } = widget.getRectangle();
    const isTurned = [90, 270].includes(Math.abs(widget.getAppearanceCharacteristics()?.getRotation() ?? 0));
    const border = 2 * ((widget.getBorderStyle()?.getWidth() ?? 1) + MARGIN);
    return { width: (isTurned ? height : width) - border, height: (isTurned ? width : height) - border };
  });
  return SIZES.find((size) => spaces.every((space) => fits(field, text, font, size, space))) ?? null;
}

function fits(field: PDFTextField, text: string, font: PDFFont, size: number, space: { width: number; height: number }): boolean {
  if (text === '') return true;
  if (field.isMultiline()) {
    const bounds = { x: 0, y: 0, ...space };
    const { lines, lineHeight } = layoutMultilineText(text, { alignment: TextAlignment.Left, fontSize: size, font, bounds });
    return lines.every((line) => line.width <= space.width) && lines.length * lineHeight <= space.height + MARGIN;
  }
  // A single line is set in the middle of its height; what goes over is the space above capitals and below tails.
  if (font.heightAtSize(size, { descender: false }) > space.height + 2 * MARGIN) return false;
  const cells = field.isCombed() ? field.getMaxLength() ?? 0 : 0;
  if (cells > 0) return [...text].every((character) => font.widthOfTextAtSize(character, size) <= space.width / cells);
  return font.widthOfTextAtSize(text, size) <= space.width;
}
