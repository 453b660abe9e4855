import { SaxesParser } from 'saxes';
import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { BankFile } from '../bank-entry.rules.ts';
import { CamtReading } from './camt.rules.ts';
import type { XmlNode } from './camt-node.rules.ts';

/**
 * Reads ISO 20022 camt.053 (statement) and camt.054 (notification), version 001.02 and every later one, as a stream: by what the
 * versions share, with namespaces prefixed or not. A document type declaration is refused, since nothing in ISO 20022 needs one.
 */

const DEPTH_MAX = 60;
const TEXT_CHARS_MAX = 1_000_000;
/** Elements of one entry that are held at once; the payments of a batch are made small as they end. */
const ELEMENTS_MAX = 200_000;
const MESSAGES: Record<string, 'camt.053' | 'camt.054'> = { BkToCstmrStmt: 'camt.053', BkToCstmrDbtCdtNtfctn: 'camt.054' };
const KEPT = new Set(['Ntry', 'Acct', 'Bal', 'TxsSummry', 'Id']);

/** @throws AppError `bank.xml_broken`, `bank.xml_doctype`, `bank.xml_too_deep`, `bank.format_unknown`, `bank.statement_missing`, each with its line. */
export async function readCamt(chunks: AsyncIterable<Buffer>): Promise<BankFile> {
  const reader = new CamtReader();
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    reader.write(decoder.decode(chunk, { stream: true }));
  }
  if (decoder) reader.write(decoder.decode());
  return reader.end();
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

class CamtReader {
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #path: string[] = [];
  readonly #open: XmlNode[] = [];
  #reading: CamtReading | undefined;
  #statementLine = 0;
  #pending = 0;
  #isDamaged = false;
  #elements = 0;
  #damagedLine = 0;

  constructor() {
    const parser = this.#parser;
    parser.on('error', (error) => { throw this.#refusal('bank.xml_broken', error); });
    parser.on('doctype', () => { throw this.#refusal('bank.xml_doctype'); });
    parser.on('opentag', (tag) => this.#opened(tag.local, tag.uri, tag.attributes['Ccy']?.value));
    parser.on('text', (text) => { this.#pending = 0; const node = this.#open.at(-1); if (node) node.text += text; });
    parser.on('cdata', (text) => { const node = this.#open.at(-1); if (node) node.text += text; });
    parser.on('closetag', (tag) => this.#closed(tag.local));
  }

  write(text: string): void {
    this.#pending += text.length;
    if (this.#pending > TEXT_CHARS_MAX) throw this.#refusal('bank.xml_text_too_long');
    if (text.includes('\ufffd') && !this.#isDamaged) {
      this.#isDamaged = true;
      this.#damagedLine = this.#parser.line;
    }
    this.#parser.write(text);
  }

  end(): BankFile {
    this.#parser.close();
    if (!this.#reading) throw this.#refusal('bank.format_unknown');
    const file = this.#reading.end();
    if (this.#reading.statements === 0) throw this.#refusal('bank.statement_missing', undefined, this.#statementLine);
    if (this.#isDamaged) file.findings.push({ code: 'bank.text_damaged', severity: 'warn', line: this.#damagedLine });
    return file;
  }

  #opened(name: string, uri: string, currency: string | undefined): void {
    this.#pending = 0;
    if (this.#path.length >= DEPTH_MAX) throw this.#refusal('bank.xml_too_deep');
    const source = MESSAGES[name];
    if (source && !this.#reading) {
      this.#reading = new CamtReading(source, /camt\.\d{3}\.\d{3}\.\d{2}$/.exec(uri)?.[0] ?? source);
      this.#statementLine = this.#parser.line;
    }
    const parent = this.#path.at(-1) ?? '';
    if (this.#reading && (name === 'Stmt' || name === 'Ntfctn') && MESSAGES[parent]) this.#reading.statement();
    const isInside = this.#open.length > 0;
    if (isInside || (this.#reading && (parent === 'Stmt' || parent === 'Ntfctn') && KEPT.has(name))) {
      const node: XmlNode = { name, line: this.#parser.line, currency: currency ?? null, text: '', children: [] };
      this.#open.at(-1)?.children.push(node);
      this.#open.push(node);
      if (++this.#elements > ELEMENTS_MAX) throw this.#refusal('bank.xml_too_deep');
    }
    this.#path.push(name);
  }

  #closed(name: string): void {
    this.#pending = 0;
    this.#path.pop();
    const node = this.#open.pop();
    if (!node || !this.#reading) return;
    if (this.#open.length === 0) {
      this.#reading.part(node);
      this.#elements = 0;
    } else if (name === 'TxDtls') {
      this.#reading.compact(node);
      this.#elements = 0;
    }
  }

  #refusal(code: string, cause?: unknown, line: number = this.#parser.line): AppError {
    const finding: Finding = { code, severity: 'block', line, params: { column: this.#parser.column } };
    return new AppError('invalid', code, { findings: [finding], cause });
  }
}
