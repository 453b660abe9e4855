import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { checkedRecord } from './check-record.ts';
import type { AgreementOrigin, AgreementVersion } from './agreement.rules.ts';

const BUILT_IN = fileURLToPath(new URL('./data/', import.meta.url));
const FOLDER = 'agreements';
const FILE_BYTES_MAX = 2_000_000;
const FILES_MAX = 500;

// Like the partners' profiles: read once when the program starts, the same for everyone in the process.
let registry: readonly AgreementVersion[] | undefined;

/**
 * Reads the built-in agreements and those in `<dataDir>/agreements`, which take the place of built-in ones of the same id and version. Called once at start.
 *
 * @throws AppError `agreement.files_invalid`, with a located finding for every fault of every file; what was in force stays.
 */
export function loadAgreements(dataDir: string | null): void {
  registry = readAgreements(dataDir);
}

/** Those of the program and of the data directory. */
export function agreementFiles(): readonly AgreementVersion[] {
  return registry ??= readAgreements(null);
}

function readAgreements(dataDir: string | null): AgreementVersion[] {
  const findings: Finding[] = [];
  const known = new Map<string, AgreementVersion>();
  const folders: [string, AgreementOrigin][] = [[BUILT_IN, 'program'], ...(dataDir === null ? [] : [[join(dataDir, FOLDER), 'file'] as [string, AgreementOrigin]])];
  for (const [folder, origin] of folders) {
    const seen = new Map<string, string>();
    for (const name of jsonFiles(folder, findings)) {
      const record = readOne(folder, name, findings);
      if (record === null) continue;
      const key = `${record.agreementId} ${record.version}`;
      const before = seen.get(key);
      if (before !== undefined) findings.push({ code: 'agreement.version_repeated', severity: 'block', path: `${FOLDER}/${name}#/version`, params: { also: before } });
      seen.set(key, name);
      known.set(key, { record, origin });
    }
  }
  if (findings.length > 0) throw new AppError('invalid', 'agreement.files_invalid', { findings });
  return [...known.values()];
}

function jsonFiles(folder: string, findings: Finding[]): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  // One that was passed over in silence might be the one that ends another.
  if (names.length > FILES_MAX) findings.push({ code: 'agreement.too_many_files', severity: 'block', path: FOLDER, params: { filesMax: FILES_MAX } });
  return names.slice(0, FILES_MAX);
}

function readOne(folder: string, name: string, findings: Finding[]): AgreementVersion['record'] | null {
  const [path, shown] = [join(folder, name), `${FOLDER}/${name}`];
  const fault = (code: string): null => {
    findings.push({ code, severity: 'block', path: shown });
    return null;
  };
  if (statSync(path).size > FILE_BYTES_MAX) return fault('agreement.file_too_large');
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return fault('agreement.file_unreadable');
  }
  const checked = checkedRecord(data);
  findings.push(...checked.findings.map((finding) => ({ ...finding, path: `${shown}#${finding.path ?? ''}` })));
  return checked.record;
}
