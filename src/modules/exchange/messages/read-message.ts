import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { checkMessage } from './check-message.ts';
import { decode } from './decode.ts';
import type { Decoded, MessageForm } from './decode.ts';
import { knownName, knownPointer } from './known-names.ts';
import { contentDigest, isMessageKind } from './message.ts';
import type { Message } from './message.ts';
import { JsonFault, linesOf, parseJson } from './read-json.ts';
import { readXmlMessage, XmlFault } from './read-xml.ts';

/** What a message may have, papers not counted: they travel beside it. */
export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;
const JSON_SCHEMA = 'message.v1';
const FINDINGS_MAX = 50;
/** Up to this size all faults are told at once, beyond it the first: each could be one of millions. */
const EXHAUSTIVE_BYTES_MAX = 256 * 1024;

export interface ReadingOptions {
  /** As it was told, with its charset. The bytes themselves decide whether it is XML or JSON. */
  readonly mediaType?: string | undefined;
  readonly now: Date;
  /** Who hands it over; nobody is looked for where it is not said. */
  readonly partnerId?: string | undefined;
  /** Whose messages that partner also passes on, as the first or a later hop. */
  readonly relaysFor?: readonly string[] | undefined;
}

export interface ReadMessage {
  readonly message: Message;
  readonly digest: string;
  readonly form: MessageForm;
  /** What a person should know; nothing that blocks. */
  readonly findings: readonly Finding[];
}

/**
 * A message from bytes, XML or JSON, held against its schema and the rules of its kind. Work and memory are bounded by the size of the bytes.
 *
 * @throws AppError `message.invalid` with what is wrong, where and what was expected; nothing else, whatever the bytes are.
 */
export function readMessage(bytes: Uint8Array, options: ReadingOptions): ReadMessage {
  const { message, form } = parseMessage(bytes, options.mediaType);
  const findings = checkMessage(message, { now: options.now, partnerId: options.partnerId, relaysFor: options.relaysFor ?? [] });
  if (findings.some(({ severity }) => severity === 'block')) refuse(findings);
  return { message, digest: contentDigest(message), form, findings };
}

/** The JSON form of a message in XML. @throws AppError `message.invalid`. The rules of its kind are not looked at. */
export function messageToJson(xml: Uint8Array): Message {
  return parseMessage(xml, 'application/xml').message;
}

function parseMessage(bytes: Uint8Array, mediaType: string | undefined): { message: Message; form: MessageForm } {
  if (bytes.length > MESSAGE_BYTES_MAX) refuse([{ code: 'message.too_large', severity: 'block', params: { megabytes: MESSAGE_BYTES_MAX / 1024 / 1024 } }]);
  if (bytes.length === 0) refuse([{ code: 'message.empty', severity: 'block' }]);
  const decoded = decode(bytes, mediaType);
  if ('code' in decoded) return refuse([decoded]);
  const isLarge = bytes.length > EXHAUSTIVE_BYTES_MAX;
  const validate = schemaValidator(JSON_SCHEMA, { isExhaustive: !isLarge });
  const check = (value: unknown): void => { if (!validate(value)) refuse(schemaFindings(validate.errors ?? [], decoded)); };
  const value = decoded.form === 'xml' ? ofXml(decoded, isLarge ? check : null) : ofJson(decoded);
  if (decoded.form === 'json' || !isLarge) check(value);
  return { message: value as Message, form: decoded.form };
}

function refuse(findings: readonly Finding[]): never {
  throw new AppError('invalid', 'message.invalid', { findings: findings.slice(0, FINDINGS_MAX) });
}

function ofXml({ text, utf8 }: Decoded, before: ((value: unknown) => void) | null): unknown {
  try {
    return readXmlMessage(text, utf8, before);
  } catch (error) {
    if (error instanceof XmlFault) refuse(error.findings);
    throw error;
  }
}

function ofJson({ text }: Decoded): unknown {
  try {
    const value = parseJson(text);
    const finding = looksLikeMessage(value);
    return finding ? refuse([finding]) : value;
  } catch (error) {
    if (error instanceof JsonFault) refuse([{ ...error.finding, path: knownPointer(error.finding.path ?? '/') }]);
    throw error;
  }
}

const HEADER_OBJECTS = ['from', 'to', 'via'];

/** Another version, or a kind that there is not: said as that, not as an object that has too many members. */
function looksLikeMessage(value: unknown): Finding | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { code: 'message.not_a_message', severity: 'block', params: { expected: 'message.v1' } };
  const { version } = value as { version?: unknown };
  if (typeof version === 'string' && !/^1\.[01]$/.test(version)) return { code: 'message.version', severity: 'block', path: '/version', params: { expected: '1.0 | 1.1' } };
  const bodies = Object.entries(value).filter(([name, one]) => typeof one === 'object' && !HEADER_OBJECTS.includes(name));
  if (bodies.length !== 1 || !isMessageKind(bodies[0]?.[0] ?? '')) return { code: bodies.length > 1 ? 'message.kinds_several' : 'message.kind_unknown', severity: 'block', path: '/' };
  return null;
}

function schemaFindings(errors: readonly Parameters<typeof schemaFinding>[0][], { form, text }: Decoded): Finding[] {
  // Which of the kinds it is, is all that one of many may mean here.
  if (errors.some(({ keyword, instancePath }) => keyword === 'oneOf' && instancePath === '')) return [{ code: 'message.kind_unknown', severity: 'block', path: '/' }];
  const found = errors.filter(({ keyword }) => keyword !== 'allOf').slice(0, FINDINGS_MAX).map((error) => {
    const { path = '/', params, ...finding } = schemaFinding(error, 'message.schema', knownName);
    return { ...finding, path: path.slice(0, 200), params: { ...params, at: path.slice(0, 200), expected: params?.['expected'] ?? '' } };
  });
  if (form === 'xml' || found.length === 0) return found.length > 0 ? found : [{ code: 'message.schema', severity: 'block', path: '/', params: { at: '/', expected: 'oneOf' } }];
  const lines = linesOf(text, found.map(({ path }) => path));
  return found.map((finding) => ({ ...finding, line: lines.get(finding.path) ?? 1 }));
}
