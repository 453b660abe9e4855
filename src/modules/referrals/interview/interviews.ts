import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { definitionFaults } from './interview-definition.rules.ts';
import type { InterviewDefinition } from './interview-definition.rules.ts';

const BUILT_IN = fileURLToPath(new URL('./interview.v1.json', import.meta.url));
const FILE_BYTES_MAX = 1_000_000;
const FILES_MAX = 100;

let inForce: InterviewDefinition | null = null;

/** The interview in force: the program's sections and those of the countries added. */
export function interviewDefinition(): InterviewDefinition {
  inForce ??= readInterview(null);
  return inForce;
}

/**
 * Adds the sections of `<dataDir>/interviews/*.json`; called once at start. A section with the id of one that is there already
 * is refused: what a form prints must not change under it.
 *
 * @throws AppError `interview.definition_invalid`, with every fault of every file.
 */
export function loadInterviews(dataDir: string | null): void {
  inForce = readInterview(dataDir);
}

function readInterview(dataDir: string | null): InterviewDefinition {
  const findings: Finding[] = [];
  const folder = dataDir === null ? null : join(dataDir, 'interviews');
  const added = folder !== null && existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().slice(0, FILES_MAX).map((name) => join(folder, name)) : [];
  const files = [BUILT_IN, ...added].map((path) => readDefinition(path, findings));
  const whole: InterviewDefinition = { interviewVersion: '1.0', interviewId: 'interview', sections: files.flatMap((file) => file?.sections ?? []) };
  findings.push(...definitionFaults(whole).map((path): Finding => ({ code: 'interview.definition_fault', severity: 'block', path })));
  if (findings.length > 0) throw new AppError('invalid', 'interview.definition_invalid', { findings });
  return whole;
}

function readDefinition(path: string, findings: Finding[]): InterviewDefinition | null {
  let data: unknown;
  try {
    if (statSync(path).size > FILE_BYTES_MAX) throw new RangeError('too large');
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    findings.push({ code: 'interview.definition_unreadable', severity: 'block', path });
    return null;
  }
  const validate = schemaValidator('interview.v1');
  if (validate(data)) return data as InterviewDefinition;
  findings.push(...(validate.errors ?? []).map((error) => schemaFinding(error, 'interview.definition_schema')).map((finding) => ({ ...finding, path: `${path}${finding.path ?? ''}` })));
  return null;
}
