/**
 * Text for xmlbuilder2, which leaves whatever looks like a reference as it is: `&A;` would break the document, and `&amp;` would come back as `&`.
 * What is escaped before, it leaves alone.
 */
export function literal(text: string): string {
  return text.replaceAll('&', '&amp;');
}
