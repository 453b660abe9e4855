import type { Finding } from '../../../platform/errors.ts';
import { knownName } from './known-names.ts';

const FINDINGS_MAX = 50;
const TEXT_MAX = 300;

interface Detail {
  readonly message: string;
  readonly line: number;
}

const place = (line: number): { line?: number } => (line > 0 ? { line } : {});

export function faultsOfParsing(details: readonly Detail[]): Finding[] {
  const [first] = details;
  const code = first && /depth/i.test(first.message) ? 'message.too_deep' : 'message.not_well_formed';
  return [{ code, severity: 'block', ...place(first?.line ?? 0), params: { expected: 'XML 1.0' } }];
}

/** What the schema says, by place: the element or attribute and what was expected there. The value itself is never repeated. */
export function faultsOfSchema(details: readonly Detail[]): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { message, line } of details) {
    const at = placeOf(message);
    const key = `${line} ${at}`;
    // A facet that is not met is told twice: the second time only with the name of the type.
    if (seen.has(key)) continue;
    seen.add(key);
    findings.push({ code: 'message.schema', severity: 'block', ...place(line), params: { at, expected: expectedOf(message), ...ruleOf(message) } });
    if (findings.length === FINDINGS_MAX) break;
  }
  return findings.length > 0 ? findings : [{ code: 'message.schema', severity: 'block', params: { at: '', expected: '' } }];
}

function placeOf(message: string): string {
  const [, element, attribute] = /^Element '(?:\{[^{}']*\})?([^']{1,80})'(?:, attribute '([^']{1,80})')?/.exec(message) ?? [];
  const missing = /The attribute '([^']{1,80})' is (?:required|not allowed)/.exec(message)?.[1];
  const named = attribute ?? missing;
  return named === undefined ? knownName(element) : `${knownName(element)}/@${knownName(named)}`;
}

/** The rules that have words of their own, as the JSON form has them. */
function ruleOf(message: string): { rule?: string; limit?: number } {
  if (message.endsWith('is required but missing.\n')) return { rule: 'required' };
  if (/ is not allowed\.\s*$|^Element '[^']*': This element is not expected\.\s*$/.test(message)) return { rule: 'unexpected' };
  const [, limit] = /the allowed (?:minimum|maximum) length of '(\d{1,9})'\.\s*$/.exec(message) ?? [];
  return limit === undefined ? {} : { rule: message.includes("[facet 'minLength']") ? 'minLength' : 'maxLength', limit: Number(limit) };
}

// Each is told by its end, which is the schema's own words: what stands before may be the sender's.
const EXPECTATIONS: readonly RegExp[] = [
  /^Element '[^']*': (?:Missing child element\(s\)|This element is not expected)\. Expected is (?:one of )?\( ([^()]*) \)\.\s*$/, /is not an element of the set \{([^{}]*)\}\.\s*$/,
  /is not accepted by the pattern '([^']*)'\.\s*$/, /the allowed (?:minimum|maximum) length of '(\d+)'\.\s*$/, /is not a valid value of the atomic type '([^']*)'\.\s*$/,
];

function expectedOf(message: string): string {
  if (message.endsWith('is required but missing.\n')) return 'required';
  if (/ is not allowed\.\s*$|^Element '[^']*': This element is not expected\.\s*$/.test(message)) return 'nothing';
  if (message.endsWith("the content type is 'element-only'.\n")) return 'elements';
  for (const [index, expectation] of EXPECTATIONS.entries()) {
    const found = expectation.exec(message)?.[1];
    if (found === undefined) continue;
    const plain = index === 2 ? found : found.replace(/\{[^{}]*\}/g, '').replaceAll("'", '').replaceAll(', ', ' | ').trim();
    return (index === 3 ? `${message.includes("[facet 'minLength']") ? 'minLength' : 'maxLength'} ${plain}` : plain).slice(0, TEXT_MAX);
  }
  return '';
}
