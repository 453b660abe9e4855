import type { Readable } from 'node:stream';
import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { keepFile, openKeptFile } from '../../platform/files.ts';
import { emit } from '../../platform/outbox.ts';
import { openBody } from './case-body.ts';
import { beginImport, findBodies, findStored, recordImport, storeCases, wasImported } from './case-import.store.ts';
import type { ImportCounts, StoredCase } from './case-import.store.ts';
import type { CaseToStore, ImportScope } from './case-rows.ts';
import { changedPointers } from './canonical.rules.ts';
import { EXTRACT_LIMITS, extractLines } from './extract-lines.ts';
import type { ExtractLine } from './extract-lines.ts';
import { ImportFindings } from './import-findings.ts';
import { officeDay } from './office-day.ts';
import { addRetained, moveRetained, readRetained } from './retained-protection.store.ts';
import { lostProtections, withRetained } from './retained-protection.rules.ts';
import type { Retained } from './retained-protection.rules.ts';
import { readCaseLine } from './read-case-line.ts';
import type { SupportCase } from './support-case.rules.ts';

export interface ImportRequest {
  fileName: string;
  source: Readable | Buffer;
  /** Told after each batch how far it is, for a progress bar. */
  onProgress?: (progress: ImportProgress) => void;
}

/** Lines read, and bytes of the file as it came (compressed, where it is). */
export interface ImportProgress { lines: number; bytesRead: number; bytesTotal: number }

/** What became of one extract. `lines` counts the lines that are not blank: imported + unchanged + changed + rejected. */
export interface ImportSummary extends ImportCounts { fileId: string; sha256: string; findings: Finding[]; findingsOmitted: number }

/** Cases are stored so many at a time, or so many characters of them, whichever comes first: this bounds memory. */
const BATCH_CASES = 500;
const BATCH_CHARACTERS = 4_000_000;

const REFUSAL_FINDINGS_MAX = 20;

/** A line that holds a case. */
interface ReadCase { line: number; supportCase: SupportCase; canonical: string }

/** What an import carries from batch to batch. */
interface Run { ctx: TxCtx; scope: ImportScope; isRepeat: boolean; counts: ImportCounts; findings: ImportFindings; firstLineOf: Map<string, number>; hasRecords: boolean; bytesRead: number; bytesTotal: number; onProgress: (progress: ImportProgress) => void }

/**
 * Takes in one case extract (contract 1), gzipped or not: its bytes are kept first, then each line becomes a new case, a new
 * version of a case, or nothing where nothing changed. A line that fails is told and left out; the others go in, all in one
 * transaction. The same bytes again change nothing, also after a later extract has gone further.
 *
 * @throws AppError `access.forbidden`; `cases.extract_not_recognised` where no line is a record, and the other refusals of
 * `extractLines`: nothing of the file is stored then but its bytes.
 */
export async function importCaseExtract(ctx: Ctx, request: ImportRequest): Promise<ImportSummary> {
  authorise(ctx, 'cases.import');
  const kept = await keepFile(ctx, { fileName: request.fileName, source: request.source, bytesMax: EXTRACT_LIMITS.fileBytesMax });
  return inTransaction(ctx, async (tx) => {
    await beginImport(tx);
    const at = ctx.clock.now();
    const run: Run = {
      ctx: tx,
      scope: { agencyId: ctx.actor.agency, fileId: kept.fileId, at, on: officeDay(ctx.clock), keys: ctx.keys },
      isRepeat: await wasImported(tx, kept.fileId),
      counts: { lines: 0, imported: 0, unchanged: 0, changed: 0, rejected: 0 },
      findings: new ImportFindings(),
      firstLineOf: new Map(),
      hasRecords: false,
      bytesRead: 0,
      bytesTotal: kept.byteCount,
      onProgress: request.onProgress ?? (() => undefined),
    };
    await importLines(run, openKeptFile(tx, kept.fileId));
    const findings = run.findings.list();
    if (!run.isRepeat) await recordImport(tx, kept.fileId, run.counts, findings);
    await recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id: kept.fileId }, details: { ...run.counts } });
    await emit(tx, 'cases.imported', { fileId: kept.fileId });
    return { fileId: kept.fileId, sha256: kept.sha256, ...run.counts, findings, findingsOmitted: run.findings.omitted };
  });
}

/** Reads the next batch while the database works on the last one. */
async function importLines(run: Run, source: Readable): Promise<void> {
  let storing: Promise<void> = Promise.resolve();
  let batch: ReadCase[] = [];
  let characters = 0;
  const store = async (): Promise<void> => {
    const full = batch;
    batch = [];
    characters = 0;
    await storing;
    storing = storeBatch(run, full);
    // A failure is thrown where it is awaited; until then it is no unhandled one.
    storing.catch(() => undefined);
  };
  try {
    for await (const lines of extractLines(counted(run, source))) {
      for (const line of lines) {
        const read = takeLine(run, line);
        if (!read) continue;
        batch.push(read);
        characters += read.canonical.length;
        if (batch.length >= BATCH_CASES || characters >= BATCH_CHARACTERS) await store();
      }
    }
    refuseOtherText(run);
    await store();
    await storing;
  } finally {
    await storing.catch(() => undefined);
  }
}

async function* counted(run: Run, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    run.bytesRead += chunk.length;
    yield chunk;
  }
}

/** A file of which no line is even a JSON record is no extract with faults but something else, sent by mistake. */
function refuseOtherText({ counts, findings, hasRecords }: Run): void {
  if (counts.lines === 0 || hasRecords) return;
  throw new AppError('invalid', 'cases.extract_not_recognised', { params: { kind: 'text' }, findings: findings.list().slice(0, REFUSAL_FINDINGS_MAX) });
}

/** The case on a line, or null where the line stays out. */
function takeLine(run: Run, { line, text, fault }: ExtractLine): ReadCase | null {
  run.counts.lines += 1;
  if (text === null) return reject(run, line, [{ code: fault?.code ?? 'cases.line_not_utf8', severity: 'block', params: fault?.params ?? {} }]);
  const { supportCase, canonical, findings, isRecord } = readCaseLine(text);
  run.hasRecords ||= isRecord;
  if (!supportCase) return reject(run, line, findings);
  const first = run.firstLineOf.get(supportCase.caseId);
  if (first !== undefined) return reject(run, line, [{ code: 'cases.case_id_repeated', severity: 'block', path: '/caseId', params: { firstLine: first } }]);
  run.firstLineOf.set(supportCase.caseId, line);
  const { counties } = run.ctx.actor;
  if (counties !== 'all' && !counties.includes(supportCase.county)) return reject(run, line, [{ code: 'cases.county_not_yours', severity: 'block', path: '/county' }]);
  run.findings.add(line, findings);
  return { line, supportCase, canonical };
}

function reject(run: Run, line: number, findings: readonly Finding[]): null {
  run.counts.rejected += 1;
  run.findings.add(line, findings);
  return null;
}

async function storeBatch(run: Run, batch: readonly ReadCase[]): Promise<void> {
  const { ctx, scope, counts } = run;
  const stored = await findStored(ctx, batch.map((item) => item.supportCase.caseId));
  const fresh: CaseToStore[] = [];
  const differing: { item: CaseToStore; before: StoredCase }[] = [];
  for (const { line, supportCase, canonical } of batch) {
    const digest = ctx.keys.lookup('support_case', canonical);
    const before = stored.get(supportCase.caseId);
    if (!before) fresh.push({ supportCase, canonical, digest, line, version: 1, changes: [] });
    else if (before.digest.equals(digest)) counts.unchanged += 1;
    else if (run.isRepeat) skipOutdated(run, line);
    else differing.push({ item: { supportCase, canonical, digest, line, version: before.version + 1, changes: [] }, before });
  }
  const changed = await withChanges(run, differing);
  const elsewhere = await storeCases(ctx, [...fresh, ...changed.map(({ item }) => item)], scope);
  await keepProtections(run, changed);
  for (const { supportCase, line } of fresh) {
    if (elsewhere.has(supportCase.caseId)) reject(run, line, [{ code: 'cases.case_of_another_county', severity: 'block', path: '/caseId' }]);
    else counts.imported += 1;
  }
  counts.changed += changed.length;
  run.onProgress({ lines: counts.lines, bytesRead: run.bytesRead, bytesTotal: run.bytesTotal });
}

/** These bytes were imported before and a later extract has changed the case since: the older state does not come back. */
function skipOutdated(run: Run, line: number): void {
  run.counts.unchanged += 1;
  run.findings.add(line, [{ code: 'cases.outdated_by_later_extract', severity: 'info' }]);
}

/** A new version, and the protections that it no longer says. */
interface ChangedCase { item: CaseToStore; lost: Retained[] }

/** Where these cases changed. A protection that the new version drops, shortens or narrows is told, and stays. */
async function withChanges(run: Run, differing: readonly { item: CaseToStore; before: StoredCase }[]): Promise<ChangedCase[]> {
  if (differing.length === 0) return [];
  const { ctx, scope } = run;
  const caseIds = differing.map(({ before }) => before.caseId);
  const bodies = await findBodies(ctx, caseIds);
  const retained = await readRetained(ctx, caseIds);
  return differing.map(({ item, before }) => {
    const body = bodies.get(before.caseId);
    if (!body) throw new Error('fault: a case without the record of its version');
    const old = openBody(ctx.keys, scope.agencyId, before.caseId, before.version, body);
    const known = retained.get(before.caseId) ?? [];
    const { retained: lost, findings } = lostProtections(withRetained(old, known), item.supportCase, scope.on);
    run.findings.add(item.line, findings);
    return { item: { ...item, changes: changedPointers(old, item.supportCase), retained: [...known, ...lost] }, lost };
  });
}

async function keepProtections({ ctx, scope }: Run, changed: readonly ChangedCase[]): Promise<void> {
  await moveRetained(ctx, changed.map(({ item }) => item.supportCase.caseId));
  await addRetained(ctx, changed.map(({ item, lost }) => ({
    retained: lost, at: { caseId: item.supportCase.caseId, county: item.supportCase.county, version: item.version, fileId: scope.fileId, line: item.line, at: scope.at },
  })));
}
