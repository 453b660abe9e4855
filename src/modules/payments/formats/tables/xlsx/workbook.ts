import { posix } from 'node:path';
import { AppError } from '../../../../../platform/errors.ts';
import type { Workbook } from '../table.rules.ts';
import { styleOfFormat, unescapeCell } from './cell.rules.ts';
import type { CellStyle } from './cell.rules.ts';
import { Package } from './parts.ts';
import { readSheet, SHEET_LIMITS } from './sheet.ts';

/** A workbook of Office Open XML (ECMA-376 part 1, 18): its sheets, visible ones first. Formulas, links, macros and pictures are never run or followed. */

const SHEETS_MAX = 100;
const STRINGS_MAX = 2_000_000;
const STYLES_MAX = 100_000;

interface SheetEntry { name: string; relation: string; isHidden: boolean }

/** @throws AppError `xlsx.damaged`, `xlsx.locked`, `xlsx.binary`, `xlsx.not_a_workbook`, `xlsx.too_many_parts`, `payments.too_many_lines`, `file.unpacked_too_large`. */
export async function readWorkbook(bytes: Buffer): Promise<Workbook> {
  const parts = await Package.open(bytes);
  const main = await mainPart(parts);
  const { sheets, is1904 } = await readMain(parts, main);
  const targets = await relationsOf(parts, main);
  const sharedStrings = await readStrings(parts, targets.byType.get('sharedStrings'));
  const styles = await readStyles(parts, targets.byType.get('styles'));
  const read: Workbook['sheets'][number][] = [];
  for (const { name, relation } of [...sheets.filter((sheet) => !sheet.isHidden), ...sheets.filter((sheet) => sheet.isHidden)]) {
    const part = targets.byId.get(relation);
    // Charts and dialogs are sheets without cells.
    if (part !== undefined && parts.has(part)) read.push(await readSheet(parts, { name, part, sharedStrings, styles, is1904 }));
  }
  return { sheets: read };
}

/** The part that holds a sheet; null where no sheet has this name. */
export async function sheetPartOf(parts: Package, sheet: string): Promise<string | null> {
  const main = await mainPart(parts);
  const { sheets } = await readMain(parts, main);
  const relation = sheets.find(({ name }) => name === sheet)?.relation;
  const part = relation === undefined ? undefined : (await relationsOf(parts, main)).byId.get(relation);
  return part !== undefined && parts.has(part) ? part : null;
}

async function mainPart(parts: Package): Promise<string> {
  const roots = parts.has('_rels/.rels') ? (await relationsOf(parts, '')).byType.get('officeDocument') : undefined;
  const main = roots ?? 'xl/workbook.xml';
  if (/\.bin$/i.test(main)) throw new AppError('invalid', 'xlsx.binary');
  if (!parts.has(main) || !/\.xml$/i.test(main) || !/(^|\/)xl\//i.test(main)) throw new AppError('invalid', 'xlsx.not_a_workbook');
  return main;
}

async function readMain(parts: Package, main: string): Promise<{ sheets: SheetEntry[]; is1904: boolean }> {
  const sheets: SheetEntry[] = [];
  let is1904 = false;
  await parts.read(main, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet' || sheets.length >= SHEETS_MAX) return;
      const relation = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1] ?? '';
      sheets.push({ name: (attributes['name'] ?? '').slice(0, 60), relation, isHidden: (attributes['state'] ?? 'visible') !== 'visible' });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return { sheets, is1904 };
}

interface Relations { byId: Map<string, string>; byType: Map<string, string> }

/** Where the relations of a part lead, inside the package; whatever leads out of it is not followed. */
async function relationsOf(parts: Package, part: string): Promise<Relations> {
  const folder = posix.dirname(part);
  const file = part === '' ? '_rels/.rels' : posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relations: Relations = { byId: new Map(), byType: new Map() };
  if (!parts.has(file)) return relations;
  await parts.read(file, {
    open(name, attributes) {
      if (name !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const target = attributes['Target'] ?? '';
      const path = target.startsWith('/') ? target.slice(1) : posix.join(part === '' ? '' : folder, target);
      relations.byId.set(attributes['Id'] ?? '', path);
      relations.byType.set(posix.basename(attributes['Type'] ?? ''), path);
    },
    close: () => undefined,
    text: () => undefined,
  });
  return relations;
}

async function readStrings(parts: Package, part: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined || !parts.has(part)) return strings;
  let text = '';
  let chars = 0;
  let isText = false;
  let phonetic = 0;
  await parts.read(part, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic++;
      if (name === 't') isText = phonetic === 0;
    },
    close(name) {
      if (name === 't') isText = false;
      if (name === 'rPh') phonetic--;
      if (name !== 'si') return;
      chars += text.length;
      if (strings.length >= STRINGS_MAX || chars > SHEET_LIMITS.chars) throw new AppError('invalid', 'file.unpacked_too_large', { params: { bytesMax: SHEET_LIMITS.chars } });
      strings.push(unescapeCell(text));
    },
    text(piece) { if (isText) text += piece; },
  });
  return strings;
}

async function readStyles(parts: Package, part: string | undefined): Promise<CellStyle[]> {
  const formats = new Map<number, string>();
  const styles: CellStyle[] = [];
  if (part === undefined || !parts.has(part)) return styles;
  let inCells = false;
  await parts.read(part, {
    open(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells || styles.length >= STYLES_MAX) return;
      const id = Number(attributes['numFmtId'] ?? 0);
      styles.push(styleOfFormat(id, formats.get(id)));
    },
    close(name) { if (name === 'cellXfs') inCells = false; },
    text: () => undefined,
  });
  return styles;
}
