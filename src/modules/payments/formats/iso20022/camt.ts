import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { BankEntry, BankFile } from '../bank-entry.rules.ts';
import { CamtReading } from './camt.rules.ts';
import type { XmlNode } from './camt-node.rules.ts';
import { XmlError } from './xml-lexis.rules.ts';
import { XmlScanner } from './xml-scanner.ts';
import type { XmlAttributes } from './xml-scanner.ts';

/**
 * Reads ISO 20022 camt.053 (statement) and camt.054 (notification), version 001.02 and every later one, as a stream: by what the
 * versions share, with namespaces prefixed or not.
 */

/** Elements of one entry that are held at once; the payments of a batch are made small as they end. */
const ELEMENTS_MAX = 200_000;
/** Payments of one entry: more than a county has in a month. */
const PAYMENTS_MAX = 250_000;
/** Text of one entry, in all its payments. */
const ENTRY_CHARS_MAX = 64_000_000;
const MESSAGES: Readonly<Record<string, 'camt.053' | 'camt.054'>> = { BkToCstmrStmt: 'camt.053', BkToCstmrDbtCdtNtfctn: 'camt.054' };
const KEPT = new Set(['Ntry', 'Acct', 'Bal', 'TxsSummry', 'Id', 'ElctrncSeqNb', 'LglSeqNb', 'FrToDt', 'CpyDplctInd', 'StmtPgntn', 'NtfctnPgntn']);
/** Parts of an entry that say nothing of which transfer it is; they are checked and passed over. */
const PASSED = new Set(['BkTxCd', 'RltdPties', 'RltdAgts', 'RltdDts', 'RltdPric', 'RltdQties', 'Purp', 'Tax', 'Avlbty', 'Ownr', 'Svcr', 'FinInstrmId', 'CorpActn', 'SfkpgAcct', 'CardTx', 'SplmtryData']);
const NO_CHILDREN: readonly XmlNode[] = Object.freeze([]);
const FAULTS = { broken: 'bank.xml_broken', doctype: 'bank.xml_doctype', too_deep: 'bank.xml_too_deep', text_too_long: 'bank.xml_text_too_long' } as const;

/** Takes pieces of a message as they come. @throws AppError `bank.xml_broken`, `bank.xml_doctype`, `bank.xml_too_deep`, `bank.xml_text_too_long`, `bank.xml_encoding_unknown`, `bank.format_unknown`, `bank.statement_missing`, each with its line. */
export class CamtReader {
  readonly #scanner = new XmlScanner({ open: (name, attributes) => this.#opened(name, attributes), close: (name, text) => this.#closed(name, text) });
  readonly #path: string[] = [];
  readonly #open: XmlNode[] = [];
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #reading: CamtReading | undefined;
  #statementLine = 0;
  #damagedLine = 0;
  #elements = 0;
  #payments = 0;
  #characters = 0;

  get source(): 'camt.053' | 'camt.054' {
    return this.#reading?.file.source === 'camt.054' ? 'camt.054' : 'camt.053';
  }

  /** Entries read since the last call. */
  drain(): BankEntry[] {
    return this.#reading?.drain() ?? [];
  }

  write(chunk: Buffer): void {
    this.#decoder ??= decoderFor(chunk);
    this.#scan(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): BankFile {
    this.#scan(this.#decoder?.decode() ?? '');
    this.#refusing(() => this.#scanner.end());
    if (!this.#reading) throw this.#refusal('bank.format_unknown');
    const file = this.#reading.end();
    if (file.statements.length === 0) throw this.#refusal('bank.statement_missing', undefined, this.#statementLine);
    if (this.#damagedLine > 0) file.findings.push({ code: 'bank.text_damaged', severity: 'warn', line: this.#damagedLine });
    return file;
  }

  #scan(text: string): void {
    this.#refusing(() => this.#scanner.write(text));
    if (this.#damagedLine === 0 && text.includes('\ufffd')) this.#damagedLine = this.#scanner.line;
  }

  #refusing(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw error instanceof XmlError ? this.#refusal(FAULTS[error.fault], error) : error;
    }
  }

  #opened(name: string, attributes: XmlAttributes): boolean {
    const parent = this.#open.at(-1);
    if (parent) {
      if (PASSED.has(name)) return false;
      this.#keep(name, attributes, parent);
      return true;
    }
    const above = this.#path.at(-1) ?? '';
    const source = MESSAGES[name];
    if (source && !this.#reading) {
      this.#reading = new CamtReading(source, versionIn(attributes) ?? this.#version ?? source);
      this.#statementLine = this.#scanner.line;
    } else if (!this.#reading) this.#version ??= versionIn(attributes);
    else if (MESSAGES[above]) {
      if (name === 'Stmt' || name === 'Ntfctn') this.#reading.statement(this.#scanner.line);
      else if (name !== 'GrpHdr') return false;
    } else if (above === 'Stmt' || above === 'Ntfctn' ? KEPT.has(name) : above === 'GrpHdr' && name === 'MsgPgntn') {
      this.#keep(name, attributes, undefined);
      return true;
    } else return false;
    this.#path.push(name);
    return true;
  }

  /** The namespace that an element outside of the message declares, such as that of `Document`. */
  #version: string | undefined;

  #keep(name: string, attributes: XmlAttributes, parent: XmlNode | undefined): void {
    const isAmount = attributes.length > 0;
    // Lines are counted up to the entry only: what is inside is told by it, except in parts that are checked line by line.
    const node: XmlNode = { name, line: parent && this.#open[0]?.name === 'Ntry' ? parent.line : this.#scanner.line, currency: isAmount ? currencyIn(attributes) : null, text: '', children: NO_CHILDREN };
    if (parent) {
      if (parent.children === NO_CHILDREN) parent.children = [node];
      else (parent.children as XmlNode[]).push(node);
    }
    this.#open.push(node);
    if (++this.#elements > ELEMENTS_MAX) throw this.#refusal('bank.xml_too_deep');
  }

  #closed(name: string, text: string): void {
    const node = this.#open.pop();
    if (!node) {
      this.#path.pop();
      return;
    }
    node.text = text;
    this.#characters += text.length;
    if (this.#characters > ENTRY_CHARS_MAX) throw this.#refusal('bank.xml_text_too_long');
    if (this.#open.length === 0) {
      (this.#reading as CamtReading).part(node);
      this.#elements = this.#payments = this.#characters = 0;
    } else if (name === 'TxDtls') {
      (this.#reading as CamtReading).compact(node);
      this.#elements = 0;
      if (++this.#payments > PAYMENTS_MAX) throw new AppError('invalid', 'bank.too_many_entries', { params: { entriesMax: PAYMENTS_MAX } });
    }
  }

  #refusal(code: string, cause?: unknown, line: number = this.#scanner.line): AppError {
    const finding: Finding = { code, severity: 'block', line, params: { column: this.#scanner.column } };
    return new AppError('invalid', code, { findings: [finding], cause });
  }
}

/** XML 1.0 appendix F: a byte order mark, else what the declaration says, else UTF-8. */
function decoderFor(first: Buffer): InstanceType<typeof TextDecoder> {
  const mark = first.subarray(0, 2).toString('hex');
  const label = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be'
    : /^[^>]{0,60}encoding\s*=\s*["']([A-Za-z0-9._-]{2,30})["']/.exec(first.subarray(0, 120).toString('latin1'))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch (cause) {
    throw new AppError('invalid', 'bank.xml_encoding_unknown', { params: { encoding: label }, cause });
  }
}

function currencyIn(attributes: XmlAttributes): string | null {
  for (let at = 0; at < attributes.length; at += 2) if (attributes[at] === 'Ccy') return attributes[at + 1] as string;
  return null;
}

function versionIn(attributes: XmlAttributes): string | undefined {
  for (let at = 0; at < attributes.length; at += 2) {
    const version = /^xmlns/.test(attributes[at] as string) ? /camt\.\d{3}\.\d{3}\.\d{2}$/.exec(attributes[at + 1] as string)?.[0] : undefined;
    if (version !== undefined) return version;
  }
  return undefined;
}
