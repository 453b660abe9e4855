import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { create } from 'xmlbuilder2';
import { AppError } from '../../../platform/errors.ts';

/**
 * XLIFF 2.0 (OASIS), which translators' tools read and write: a unit a sentence, named by its key; the revision on which the
 * translator builds travels as a note.
 */
export interface XliffText {
  readonly referralId: string;
  readonly textId: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly units: readonly XliffUnit[];
}

export interface XliffUnit {
  readonly key: string;
  readonly revision: number;
  readonly source: string;
  readonly target: string | null;
}

const NAMESPACE = 'urn:oasis:names:tc:xliff:document:2.0';
const REVISION = 'puente-revision';
export const XLIFF_CHARACTERS_MAX = 4_000_000;
const UNITS_MAX = 800;

export function writeXliff(text: XliffText): string {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele(NAMESPACE, 'xliff').att('version', '2.0').att('srcLang', text.sourceLanguage).att('trgLang', text.targetLanguage);
  const file = root.ele('file').att('id', text.textId).att('original', text.referralId);
  for (const { key, revision, source, target } of text.units) {
    const unit = file.ele('unit').att('id', `s${key}`);
    unit.ele('notes').ele('note').att('category', REVISION).txt(String(revision));
    const segment = unit.ele('segment').att('state', target === null ? 'initial' : 'translated');
    segment.ele('source').txt(printable(source));
    if (target !== null) segment.ele('target').txt(printable(target));
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

/** XML 1.0 has no place for control characters, not even escaped. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu, '');

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, trimValues: false, processEntities: true, removeNSPrefix: true,
  isArray: (name) => ['file', 'unit', 'segment', 'note', 'group'].includes(name),
});

/** @throws AppError `translation.file_unreadable`: no XLIFF 2, more than one text in it, markup within a sentence, a document type. */
export function readXliff(xml: string): XliffText {
  const refuse = (): AppError => new AppError('invalid', 'translation.file_unreadable');
  // Whoever sends entities of their own wants something else than a translation read.
  if (xml.length > XLIFF_CHARACTERS_MAX || /<!DOCTYPE|<!ENTITY/iu.test(xml) || XMLValidator.validate(xml) !== true) throw refuse();
  const root = (parser.parse(xml) as { xliff?: Node }).xliff;
  const files = nodes(root?.['file']);
  const [file] = files;
  if (!root || files.length !== 1 || !file || !/^2\.\d$/u.test(plain(root['@version']))) throw refuse();
  const units = [...nodes(file['unit']), ...nodes(file['group']).flatMap((group) => nodes(group['unit']))];
  if (units.length === 0 || units.length > UNITS_MAX) throw refuse();
  return {
    referralId: plain(file['@original']), textId: plain(file['@id']), sourceLanguage: plain(root['@srcLang']), targetLanguage: plain(root['@trgLang']),
    units: units.map((unit) => unitOf(unit, refuse)),
  };
}

function unitOf(unit: Node, refuse: () => AppError): XliffUnit {
  const segments = nodes(unit['segment']);
  const key = /^s([0-9a-f]{32})$/u.exec(plain(unit['@id']))?.[1];
  if (key === undefined || segments.length === 0) throw refuse();
  const notes = nodes((unit['notes'] as Node | undefined)?.['note']);
  const revision = plain(notes.find((note) => note['@category'] === REVISION)?.['#text']);
  const side = (name: 'source' | 'target'): string => segments.map((segment) => textOf(segment[name], refuse)).join(' ').replace(/\s+/gu, ' ').trim();
  const target = side('target');
  return { key, revision: /^\d{1,9}$/u.test(revision) ? Number(revision) : 0, source: side('source'), target: target === '' ? null : target };
}

function nodes(value: unknown): Node[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.filter((one): one is Node => typeof one === 'object' && one !== null);
}

const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');

/** The words of a side. Our sentences carry no markup, so any that comes back is not ours to interpret. */
function textOf(value: unknown, refuse: () => AppError): string {
  if (value === undefined || value === '') return '';
  if (typeof value === 'string') return value;
  const node = value as Node;
  if (typeof value !== 'object' || value === null || Object.keys(node).some((name) => name !== '#text' && !name.startsWith('@'))) throw refuse();
  return plain(node['#text']);
}
