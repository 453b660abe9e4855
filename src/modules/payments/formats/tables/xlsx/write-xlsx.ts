import { ZipFile } from 'yazl';
import { columnLetters, escapeCell } from './cell.rules.ts';

/** Writes a workbook of text cells: what it writes, `readXlsx` reads back as it was. */

export interface SheetToWrite {
  name: string;
  rows: readonly (readonly string[])[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
/** The same workbook has the same bytes on any day. */
const FIRST_DAY = new Date(Date.UTC(1980, 0, 1, 12));

export async function writeXlsx(sheets: readonly SheetToWrite[]): Promise<Buffer> {
  const zip = new ZipFile();
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(HEAD + text), name, { mtime: FIRST_DAY, forceDosTimestamp: true });
  const type = (part: string, kind: string) => `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  add('[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
    + `<Default Extension="xml" ContentType="application/xml"/>${type('workbook.xml', 'sheet.main')}${sheets.map((_, at) => type(`worksheets/sheet${at + 1}.xml`, 'worksheet')).join('')}</Types>`);
  add('_rels/.rels', `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  add('xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name }, at) => `<sheet name="${xmlText(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`);
  add('xl/_rels/workbook.xml.rels', `<Relationships xmlns="${PACKAGE}/relationships">${sheets.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}</Relationships>`);
  sheets.forEach(({ rows }, at) => add(`xl/worksheets/sheet${at + 1}.xml`, `<worksheet xmlns="${MAIN}"><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`));
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function rowXml(cells: readonly string[], at: number): string {
  return `<row r="${at + 1}">${cells.map((cell, column) => (cell === '' ? '' : textCell(column, at + 1, cell))).join('')}</row>`;
}

/** A cell that holds text and nothing that is computed. */
export function textCell(column: number, row: number, text: string, prefix = ''): string {
  return `<${prefix}c r="${columnLetters(column)}${row}" t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${xmlText(escapeCell(text))}</${prefix}t></${prefix}is></${prefix}c>`;
}

function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] as string);
}
