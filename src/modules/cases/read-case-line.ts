import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Finding } from '../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../platform/validation.ts';
import { canonicalJson, mayBeUnprintable, unprintableAt } from './canonical.rules.ts';
import { isRejected, supportCaseFindings } from './support-case.rules.ts';
import type { SupportCase } from './support-case.rules.ts';

/** What one line says. Without a `supportCase` it stays out; `isRecord` tells whether it is at least a JSON object. */
export interface ReadLine { supportCase: SupportCase | null; canonical: string; findings: Finding[]; isRecord: boolean }

const NOT_JSON: Finding = Object.freeze({ code: 'cases.line_not_json', severity: 'block' });

/** A line with everything wrong is described by its first faults. */
const LINE_FINDINGS_MAX = 20;

/** Reads one line of an extract: JSON, schema, rules. Findings name the place and what was expected, never what stood there. */
export function readCaseLine(text: string): ReadLine {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return rejected([NOT_JSON]);
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return rejected([NOT_JSON]);
  const validate = schemaValidator('case-extract.v1', { isExhaustive: true });
  const findings = validate(record) ? [] : (validate.errors ?? []).map(findingOf);
  if (isRejected(findings)) return rejected(findings);
  // Only what the schema does not know can be deep.
  const damage = findings.length > 0 || mayBeUnprintable(text) ? unprintableAt(record) : null;
  if (damage) return rejected([{ code: damage.isTooDeep ? 'cases.line_too_deep' : 'cases.text_unprintable', severity: 'block', path: damage.path || '/' }]);
  const supportCase = record as SupportCase;
  findings.push(...supportCaseFindings(supportCase));
  if (isRejected(findings)) return rejected(findings);
  return { supportCase, canonical: canonicalJson(record), findings, isRecord: true };
}

function rejected(findings: Finding[]): ReadLine {
  const worstFirst = [...findings.filter((finding) => finding.severity === 'block'), ...findings.filter((finding) => finding.severity !== 'block')];
  return { supportCase: null, canonical: '', findings: worstFirst.slice(0, LINE_FINDINGS_MAX), isRecord: !findings.includes(NOT_JSON) };
}

function findingOf(error: ErrorObject): Finding {
  if (error.keyword === 'additionalProperties') {
    const field = String(error.params.additionalProperty);
    // The name of an unknown field is somebody else's text: only what looks like a field's name is repeated.
    const path = /^[A-Za-z][A-Za-z0-9_]{0,40}$/.test(field) ? `${error.instancePath}/${field}` : `${error.instancePath}/*`;
    return { code: 'cases.field_unknown', severity: 'warn', path };
  }
  if (/^\/orders\/\d+\/obligations$/.test(pathOf(error)) && ['minItems', 'required'].includes(error.keyword)) {
    return { code: 'cases.order_without_obligations', severity: 'block', path: pathOf(error) };
  }
  return schemaFinding(error, error.keyword === 'required' ? 'cases.field_missing' : 'cases.field_invalid');
}

function pathOf(error: ErrorObject): string {
  return error.keyword === 'required' ? `${error.instancePath}/${String(error.params.missingProperty)}` : error.instancePath;
}
