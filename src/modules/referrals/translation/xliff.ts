import { create } from 'xmlbuilder2';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { literal } from '../../../platform/xml/literal.ts';
import { readXml } from '../../../platform/xml/read.ts';
import type { XmlPart } from '../../../platform/xml/read.ts';
import { xmlFindings } from '../../../platform/xml/xsd.ts';

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
/** Of each 2.x: 2.2 has a name of its own. */
const NAMESPACES = 'urn:oasis:names:tc:xliff:document:2.';
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
    segment.ele('source').txt(literal(printable(source)));
    if (target !== null) segment.ele('target').txt(literal(printable(target)));
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

/** XML 1.0 has no place for control characters, not even escaped. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu, '');

/** A file that is not read, and where in it the fault is. */
export function unreadable(path: string, findings: readonly Finding[] = [{ code: 'translation.file_part_unreadable', severity: 'block', path }]): AppError {
  return new AppError('invalid', 'translation.file_unreadable', { findings });
}

/**
 * Read by the parser that reads messages: it decodes every reference, and no name of an element means anything to it.
 *
 * @throws AppError `translation.file_unreadable`: no XLIFF 2, more than one text in it, markup within a sentence, a document type.
 */
export function readXliff(xml: string): XliffText {
  const bytes = Buffer.from(xml.slice(0, XLIFF_CHARACTERS_MAX + 1));
  if (xml.length > XLIFF_CHARACTERS_MAX) throw unreadable('/');
  const faults = xmlFindings(bytes);
  if (faults.length > 0) throw unreadable('/', faults);
  const root = readXml(bytes);
  if (root?.name !== 'xliff' || !root.namespace.startsWith(NAMESPACES) || !/^2\.\d$/u.test(attribute(root, 'version'))) throw unreadable('/xliff');
  const [file, ...others] = named(root, 'file');
  if (!file || others.length > 0) throw unreadable('/xliff/file');
  const units = unitsIn(file);
  if (units.length === 0 || units.length > UNITS_MAX) throw unreadable('/units');
  return {
    referralId: attribute(file, 'original'), textId: attribute(file, 'id'), sourceLanguage: attribute(root, 'srcLang'), targetLanguage: attribute(root, 'trgLang'),
    units: units.map(unitOf),
  };
}

/** Only what is of XLIFF itself: a tool's own additions, such as other proposals, have their own namespaces. */
const named = (around: XmlPart, name: string): XmlPart[] => around.parts.filter((part) => part.name === name && part.namespace === around.namespace);

const attribute = (part: XmlPart, name: string): string => (part.attributes[name] ?? '').trim();

const unitsIn = (around: XmlPart): XmlPart[] => around.parts.flatMap((part) => {
  if (part.namespace !== around.namespace) return [];
  return part.name === 'unit' ? [part] : part.name === 'group' ? unitsIn(part) : [];
});

function unitOf(unit: XmlPart, index: number): XliffUnit {
  const path = `/units/${index}`;
  const segments = named(unit, 'segment');
  const key = /^s([0-9a-f]{32})$/u.exec(attribute(unit, 'id'))?.[1];
  if (key === undefined || segments.length === 0) throw unreadable(path);
  const notes = named(unit, 'notes').flatMap((part) => named(part, 'note'));
  const revision = notes.find((note) => attribute(note, 'category') === REVISION)?.text.trim() ?? '';
  const side = (name: 'source' | 'target'): string => segments.flatMap((segment) => named(segment, name)).map((one) => wordsOf(one, `${path}/${name}`)).join(' ').replace(/\s+/gu, ' ').trim();
  const target = side('target');
  return { key, revision: /^\d{1,9}$/u.test(revision) ? Number(revision) : 0, source: side('source'), target: target === '' ? null : target };
}

/** The words of a side. Our sentences carry no markup, so any that comes back is not ours to interpret. */
function wordsOf(side: XmlPart, path: string): string {
  if (side.parts.length > 0) throw unreadable(path);
  return side.text;
}
