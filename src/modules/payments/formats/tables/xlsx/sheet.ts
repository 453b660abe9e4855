import { AppError } from '../../../../../platform/errors.ts';
import type { Finding } from '../../../../../platform/errors.ts';
import type { CsvRecord } from '../csv.rules.ts';
import type { Sheet } from '../table.rules.ts';
import { columnLetters, dayOfSerial, placeOf, plainDecimal, shownDecimal, timeOfSerial, unescapeCell } from './cell.rules.ts';
import type { CellStyle } from './cell.rules.ts';
import { headingsOfMerges } from './merged-headings.rules.ts';
import type { Merge } from './merged-headings.rules.ts';
import type { Package } from './parts.ts';

/** One sheet of a workbook as records of text, as a person sees it (ECMA-376 part 1, 18.3). Cells that say nothing cost nothing. */

export const SHEET_LIMITS = { records: 250_000, columns: 300, chars: 64 * 1024 * 1024, findings: 1_000, merges: 10_000 } as const;

export interface SheetContext {
  name: string;
  part: string;
  sharedStrings: readonly string[];
  styles: readonly CellStyle[];
  is1904: boolean;
}

interface OpenCell { column: number; reference: string; type: string; style: CellStyle; value: string; text: string; hasValue: boolean; hasFormula: boolean; formula: string }

const NUMBER: CellStyle = { shows: 'number', places: null };
/** Cells and rows without content, as spreadsheets leave them by the million where somebody coloured a column. */
const EMPTY_CELL = /<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d{1,6}")?\s*(?:\/>|><\/c>)/g;
const EMPTY_ROW = /<row r="\d{1,7}"[^<>]*(?:\/>|(?<!\/)>\s*<\/row>)/g;

/** @throws AppError `payments.too_many_lines`, `file.unpacked_too_large`. */
export async function readSheet(parts: Package, context: SheetContext): Promise<Sheet> {
  const reader = new SheetReader(context);
  await parts.read(context.part, {
    thin: (text) => (text.includes('<![CDATA[') ? text : text.replace(EMPTY_CELL, '').replace(EMPTY_ROW, '')),
    open: (name, attributes) => reader.open(name, attributes),
    close: (name) => reader.close(name),
    text: (text) => reader.text(text),
  });
  return reader.end();
}

class SheetReader {
  readonly #context: SheetContext;
  readonly #records: CsvRecord[] = [];
  readonly #findings: Finding[] = [];
  readonly #runs = new Map<string, { code: string; column: number; from: number; to: number }>();
  readonly #merges: Merge[] = [];
  #row: CsvRecord | null = null;
  #line = 0;
  #column = -1;
  #cell: OpenCell | null = null;
  #into: 'value' | 'text' | 'formula' | null = null;
  #phonetic = 0;
  #chars = 0;
  #hiddenRows = 0;
  #isHidden = false;
  #isCut = false;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row': {
        const given = Number(attributes['r'] ?? this.#line + 1);
        this.#line = Number.isSafeInteger(given) && given > this.#line ? given : this.#line + 1;
        this.#column = -1;
        this.#isHidden = isOn(attributes['hidden']);
        this.#row = { line: this.#line, cells: [] };
        break;
      }
      case 'c': this.#openCell(attributes); break;
      case 'v': this.#into = 'value'; if (this.#cell) this.#cell.hasValue = true; break;
      case 'f': this.#into = 'formula'; if (this.#cell) this.#cell.hasFormula = true; break;
      case 't': this.#into = this.#phonetic > 0 ? null : 'text'; break;
      case 'rPh': this.#phonetic++; break;
      case 'mergeCell': this.#merge(attributes['ref'] ?? ''); break;
      default:
    }
  }

  close(name: string): void {
    if (name === 'v' || name === 'f' || name === 't') this.#into = null;
    else if (name === 'rPh') this.#phonetic--;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
  }

  text(text: string): void {
    const cell = this.#cell;
    if (!cell || this.#into === null) return;
    if (this.#into === 'value') cell.value += text;
    else if (this.#into === 'text') cell.text += text;
    else if (cell.formula.length < 500) cell.formula += text;
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const given = placeOf(attributes['r'] ?? '');
    this.#column = given ? given.column : this.#column + 1;
    this.#cell = {
      column: this.#column, reference: `${columnLetters(this.#column)}${this.#line}`, type: attributes['t'] ?? 'n', style: this.#context.styles[Number(attributes['s'] ?? 0)] ?? NUMBER,
      value: '', text: '', hasValue: false, hasFormula: false, formula: '',
    };
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (!cell || !this.#row) return;
    const text = this.#textOf(cell);
    if (text === '') return;
    if (cell.column >= SHEET_LIMITS.columns) { this.#isCut = true; return; }
    this.#chars += text.length;
    if (this.#chars > SHEET_LIMITS.chars) throw new AppError('invalid', 'file.unpacked_too_large', { params: { bytesMax: SHEET_LIMITS.chars } });
    const { cells } = this.#row;
    while (cells.length < cell.column) cells.push('');
    cells[cell.column] = text;
  }

  #closeRow(): void {
    const row = this.#row;
    this.#row = null;
    if (!row || !row.cells.some((cell) => cell.trim() !== '')) return;
    if (this.#isHidden) this.#hiddenRows++;
    this.#records.push(row);
    if (this.#records.length > SHEET_LIMITS.records) throw new AppError('invalid', 'payments.too_many_lines', { params: { linesMax: SHEET_LIMITS.records } });
  }

  #textOf(cell: OpenCell): string {
    // Some programs write the element of the value and nothing in it; only a formula of text can come to nothing.
    if (cell.hasFormula && cell.text === '' && (!cell.hasValue || (cell.value === '' && cell.type !== 'str'))) {
      this.#told('xlsx.formula_uncomputed', cell);
      (this.#row as CsvRecord).uncomputed = true;
      return `=${cell.formula}`;
    }
    const text = this.#plainText(cell);
    if (cell.hasFormula && text !== '') this.#told('xlsx.formula', cell);
    return text;
  }

  #plainText(cell: OpenCell): string {
    switch (cell.type) {
      case 's': return this.#context.sharedStrings[Number(cell.value)] ?? this.#broken(cell);
      case 'inlineStr': return unescapeCell(cell.text);
      case 'str': return unescapeCell(cell.value);
      case 'b': return cell.value.trim() === '' ? '' : cell.value.trim() === '0' ? 'FALSE' : 'TRUE';
      case 'e': this.#told('xlsx.cell_error', cell); return cell.value;
      case 'd': return cell.value.trim().replace(/T00:00:00(?:\.0+)?Z?$/, '');
      default: return this.#numberText(cell);
    }
  }

  #numberText(cell: OpenCell): string {
    if (cell.value.trim() === '') return '';
    const plain = plainDecimal(cell.value);
    if (plain === null) return this.#broken(cell);
    if (cell.style.shows === 'time') return timeOfSerial(plain) ?? dayOfSerial(plain, this.#context.is1904) ?? plain;
    if (cell.style.shows === 'day') return dayOfSerial(plain, this.#context.is1904) ?? this.#noDay(cell, plain);
    if (!cell.hasFormula || cell.style.places === null) return plain;
    const shown = shownDecimal(plain, cell.style.places);
    if (shown !== plain && Number(shown) !== Number(plain)) this.#told('xlsx.formula_rounded', cell);
    return shown;
  }

  /** The text keeps a sign that no reader of dates takes, so that nothing else is read from the digits. */
  #noDay(cell: OpenCell, text: string): string {
    this.#told('xlsx.no_such_day', cell);
    return `#${text}`;
  }

  #broken(cell: OpenCell): string {
    this.#told('xlsx.cell_unreadable', cell);
    return `#${cell.value}`;
  }

  /** One finding for a run of cells below one another, as `I2:I251`. */
  #told(code: string, { column }: OpenCell): void {
    const key = `${code} ${column}`;
    const run = this.#runs.get(key);
    if (run && run.to >= this.#line - 1) { run.to = this.#line; return; }
    if (run) this.#tell(run);
    this.#runs.set(key, { code, column, from: this.#line, to: this.#line });
  }

  #tell({ code, column, from, to }: { code: string; column: number; from: number; to: number }): void {
    if (this.#findings.length >= SHEET_LIMITS.findings) return;
    const letters = columnLetters(column);
    this.#findings.push({ code, severity: code === 'xlsx.formula' ? 'info' : 'warn', line: from, path: from === to ? `${letters}${from}` : `${letters}${from}:${letters}${to}`, params: { sheet: this.#context.name } });
  }

  #merge(reference: string): void {
    const [from, to] = reference.split(':').map(placeOf);
    if (from && to && this.#merges.length < SHEET_LIMITS.merges) this.#merges.push({ from, to });
  }

  end(): Sheet {
    for (const run of this.#runs.values()) this.#tell(run);
    const { name } = this.#context;
    if (this.#hiddenRows > 0) this.#findings.push({ code: 'xlsx.hidden_rows', severity: 'info', params: { sheet: name, rows: this.#hiddenRows } });
    if (this.#isCut) this.#findings.push({ code: 'xlsx.columns_dropped', severity: 'warn', params: { sheet: name, columnsMax: SHEET_LIMITS.columns } });
    this.#findings.push(...headingsOfMerges(this.#records, this.#merges, name));
    this.#findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    return { name, records: this.#records, findings: this.#findings };
  }
}

const isOn = (attribute: string | undefined): boolean => attribute === '1' || attribute === 'true';
