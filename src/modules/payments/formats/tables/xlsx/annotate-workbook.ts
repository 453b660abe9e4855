import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { harmlessCell } from '../csv-writer.rules.ts';
import { Package } from './parts.ts';
import { sheetPartOf } from './workbook.ts';
import { textCell } from './write-xlsx.ts';

/** A workbook with cells of text added at the end of rows; every other part, and every other cell, is as it was. */

export interface RowsToAdd {
  headingLine: number;
  heading: readonly string[];
  byLine: ReadonlyMap<number, readonly string[]>;
}

const ROW = /<((?:[A-Za-z_][\w.-]*:)?)row((?:\s[^<>]*?)?)(\/?)>|<\/(?:[A-Za-z_][\w.-]*:)?row\s*>/g;
const FIRST_DAY = new Date(Date.UTC(1980, 0, 1, 12));

/** What is held in memory at once. */
const HELD_BYTES_MAX = 192 * 1024 * 1024;

/** Null when a row is not found again, or the workbook is larger than is held at once. */
export async function annotateWorkbook(bytes: Buffer, sheet: string, width: number, rows: RowsToAdd): Promise<Buffer | null> {
  const parts = await Package.open(bytes);
  const part = await sheetPartOf(parts, sheet);
  if (part === null) return null;
  const zip = new ZipFile();
  let held = 0;
  for (const name of parts.names()) {
    if (name.endsWith('/')) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of parts.bytesOf(name)) {
      held += chunk.length;
      if (held > HELD_BYTES_MAX) return null;
      chunks.push(chunk);
    }
    const content = Buffer.concat(chunks);
    const changed = name.toLowerCase() === part.toLowerCase() ? annotated(content, width, rows) : content;
    if (changed === null) return null;
    zip.addBuffer(changed, name, { mtime: FIRST_DAY, forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream);
}

function annotated(content: Buffer, width: number, rows: RowsToAdd): Buffer | null {
  const xml = content.toString('utf8');
  // Our cells go in as text of the part: whatever is not plain UTF-8, or hides tags from us, is left alone.
  if (!Buffer.from(xml, 'utf8').equals(content) || xml.includes('<![CDATA[') || xml.includes('<!--')) return null;
  const pieces: string[] = [];
  let from = 0;
  let line = 0;
  let prefix = '';
  let found = 0;
  for (const tag of xml.matchAll(ROW)) {
    if (tag[1] !== undefined) {
      const given = Number(/\sr="(\d{1,7})"/.exec(tag[2] ?? '')?.[1] ?? line + 1);
      line = given > line ? given : line + 1;
      prefix = tag[1];
      continue;
    }
    const cells = line === rows.headingLine ? rows.heading : rows.byLine.get(line);
    if (!cells) continue;
    if (line !== rows.headingLine) found++;
    pieces.push(xml.slice(from, tag.index), ...cells.map((cell, at) => (cell === '' ? '' : textCell(width + at, line, harmlessCell(cell), prefix))));
    from = tag.index;
  }
  pieces.push(xml.slice(from));
  return found === rows.byLine.size ? Buffer.from(pieces.join(''), 'utf8') : null;
}
