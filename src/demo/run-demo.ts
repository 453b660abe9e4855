import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Io } from '../cli/command.ts';
import { importCaseExtract } from '../modules/cases/index.ts';
import { checkLedger } from '../modules/ledger/index.ts';
import { importBank, importDisbursements, importPayments } from '../modules/payments/index.ts';
import { checkAgreement, listRuns, listSuspense, OUTCOMES, reconcile, statementPdf, streamOutcomes } from '../modules/reconciliation/index.ts';
import { buildPacket, createReferral, sendReferral, verifyPacket } from '../modules/referrals/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { generateCases } from './case-generator.ts';
import type { CaseExtractRecord } from './case-generator.ts';
import { demoFiles } from './demo-files.ts';
import type { DemoFile } from './demo-files.ts';
import { tellWaysIn } from './exchange.ts';
import { tellJourney } from './journey.ts';

/** Changing either gives another demo world beside the old one: raise them only together with a fresh data directory. */
const SEED = 20_260_901;
const CASES = 320;
const PACKETS_EACH = 3;
const STATEMENT = { from: '2026-09-01', to: '2026-10-31' };

const PARTNERS = [
  { partnerId: 'mx-consulate-los-angeles', country: 'MX', county: '06037', service: 'enforce' },
  { partnerId: 'kr-kcsa', country: 'KR', county: null, service: 'register_enforce' },
] as const;

/** The whole story on fictional data. Running it again ends in the same state, with nothing doubled. */
export async function runDemo(ctx: Ctx, io: Io): Promise<void> {
  const folder = join(ctx.config.dataDir, 'demo');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cases = [...generateCases({ seed: SEED, count: CASES })];
  await takeCases(ctx, io, folder, cases);
  await sealPackets(ctx, io, folder, cases);
  await tellJourney(ctx, io, folder, cases);
  await takeFiles(ctx, io, folder, demoFiles(cases, SEED));
  await settle(ctx, io);
  await closeTheBooks(ctx, io, folder);
  await tellWaysIn(ctx, io, folder);
}

async function takeCases(ctx: Ctx, io: Io, folder: string, cases: readonly CaseExtractRecord[]): Promise<void> {
  const bytes = gzipSync(cases.map((one) => JSON.stringify(one)).join('\n'));
  const fileName = 'cases.ndjson.gz';
  writeFileSync(join(folder, fileName), bytes);
  const done = await importCaseExtract(ctx, { fileName, source: bytes });
  io.say(io.words('demo:cases', { imported: done.imported, unchanged: done.unchanged + done.changed, rejected: done.rejected }));
}

/** Packets of the first cases that lack nothing; the others show what completeness findings are like. */
async function sealPackets(ctx: Ctx, io: Io, folder: string, cases: readonly CaseExtractRecord[]): Promise<void> {
  const out = join(folder, 'packets');
  mkdirSync(out, { recursive: true, mode: 0o700 });
  for (const partner of PARTNERS) {
    let sealed = 0;
    for (const one of cases) {
      if (sealed === PACKETS_EACH) break;
      if (one.status !== 'open' || one.orders.length === 0 || (partner.county !== null && one.county !== partner.county) || !livesThere(one, partner.country)) continue;
      if (await sealOne(ctx, io, out, one.caseId, partner.partnerId, partner.service, sealed === 0)) sealed += 1;
    }
  }
}

async function sealOne(ctx: Ctx, io: Io, out: string, caseId: string, partnerId: string, service: string, isSent: boolean): Promise<boolean> {
  const referral = await createReferral(ctx, { caseId, partnerId, services: [service] });
  if (referral.findings.some((finding) => finding.severity === 'block')) return false;
  try {
    const packet = await buildPacket(ctx, referral.referralId);
    const path = join(out, `${referral.referralId}.asice`);
    writeFileSync(path, packet.bytes);
    const verdict = verifyPacket(packet.bytes);
    io.say(io.words('demo:packet', { partner: partnerId, caseId, pages: packet.pages, path, intact: io.words(verdict.isIntact ? 'demo:intact' : 'demo:broken') }));
    if (isSent && referral.status !== 'sent') await sendReferral(ctx, referral.referralId, { approver: partnerId === 'kr-kcsa' ? 'Dana Whitfield' : null });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'packet.incomplete') return false;
    throw error;
  }
}

const livesThere = (one: CaseExtractRecord, country: string) =>
  one.participants.some((person) => (person.role === 'obligor' || person.role === 'alleged_parent') && person.residence?.country === country);

async function takeFiles(ctx: Ctx, io: Io, folder: string, files: readonly DemoFile[]): Promise<void> {
  const incoming = join(folder, 'incoming');
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
  const rows: string[][] = [];
  for (const file of files) {
    writeFileSync(join(incoming, file.name), file.bytes);
    const source = Readable.from([file.bytes]);
    const done = file.kind === 'bank' ? await importBank(ctx, { fileName: file.name, source })
      : file.kind === 'disbursements' ? await importDisbursements(ctx, { fileName: file.name, source })
        : await importPayments(ctx, { partnerId: file.partner as string, fileName: file.name, source });
    rows.push([file.name, wordOf(io, 'kind', done.kind), String(done.lines), String(done.imported), String(done.duplicate), String(done.rejected)]);
  }
  io.say('');
  io.table(['file', 'kind', 'lines', 'imported', 'duplicate', 'rejected'].map((column) => io.words(`demo:column.${column}`)), rows);
}

const wordOf = (io: Io, group: string, code: string) => io.words(`demo:${group}.${code}`);

async function settle(ctx: Ctx, io: Io): Promise<void> {
  const done = await reconcile(ctx);
  // A second demo finds nothing left to do, and shows what the first one found.
  const runId = done.files > 0 ? done.runId : (await listRuns(ctx)).runs.find((run) => (run.summary.files ?? 0) > 0)?.runId;
  const counts = new Map<string, { lines: number; reasons: Map<string, number> }>();
  for await (const line of streamOutcomes(ctx, runId ?? done.runId)) {
    const one = counts.get(line.outcome) ?? { lines: 0, reasons: new Map<string, number>() };
    one.lines += 1;
    for (const reason of line.reasons) one.reasons.set(reason, (one.reasons.get(reason) ?? 0) + 1);
    counts.set(line.outcome, one);
  }
  io.say('');
  io.table([io.words('demo:column.outcome'), io.words('demo:column.lines'), io.words('demo:column.why')], OUTCOMES.filter((outcome) => counts.has(outcome)).map((outcome) => {
    const one = counts.get(outcome) as { lines: number; reasons: Map<string, number> };
    // What lines of this outcome share with posted ones does not explain why they were not posted.
    const telling = [...one.reasons].filter(([reason]) => outcome === 'posted' || !counts.get('posted')?.reasons.has(reason));
    const frequent = (telling.length > 0 ? telling : [...one.reasons]).sort((a, b) => b[1] - a[1]).slice(0, 2).map(([reason]) => wordsForCode(io.language, 'reasons', reason));
    return [wordOf(io, 'outcome', outcome), String(one.lines), frequent.join('; ')];
  }));
  const check = await checkLedger(ctx);
  io.say('');
  io.say(io.words(check.isClean ? 'demo:ledger_clean' : 'demo:ledger_broken'));
}

/** What a supervisor asks at the end: does everything agree, what waits for a person, and the statement of the largest partner. */
async function closeTheBooks(ctx: Ctx, io: Io, folder: string): Promise<void> {
  const { agrees } = await checkAgreement(ctx);
  io.say(io.words(agrees ? 'demo:agrees' : 'demo:disagrees'));
  const { total: waiting } = await listSuspense(ctx, {}, () => true);
  io.say(io.words('demo:waiting', { count: waiting, suspense: '/suspense', agreement: '/agreement' }));
  const path = join(folder, 'statement.pdf');
  writeFileSync(path, (await statementPdf(ctx, { partnerId: PARTNERS[0].partnerId, ...STATEMENT })).bytes);
  io.say(io.words('demo:statement', { partner: PARTNERS[0].partnerId, path }));
}
