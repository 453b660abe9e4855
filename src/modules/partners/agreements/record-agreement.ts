import { isDeepStrictEqual } from 'node:util';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile } from '../../../platform/files.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { findPartner } from '../partner-registry.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';
import { insertVersion, lockAgreement } from './agreement.store.ts';
import { checkedRecord } from './check-record.ts';
import { agencyDay, knownAgreements } from './known-agreements.ts';
import { wideningsOf } from './widening.ts';

export interface AgreementToRecord {
  /** As schemas/json/agreement.v1.json has it. */
  readonly record: unknown;
  /** The signed paper, a PDF, kept as it is. */
  readonly paper?: { readonly fileName: string; readonly bytes: Uint8Array } | null;
}

export interface AgreementRecorded {
  readonly agreementId: string;
  readonly version: number;
  /** The very same is recorded as this version already; nothing was written. */
  readonly isRepeat: boolean;
}

export const PAPER_BYTES_MAX = 20_000_000;
const PDF_MARK = Buffer.from('%PDF-', 'latin1');

/**
 * Records a version of an agreement. It counts from its first day on; earlier versions stay on record, and go on counting until then. What allows more than
 * before takes two people (`proposeAgreement`); only the operator, who has the files, records it alone.
 *
 * @throws AppError `agreement.invalid` with a finding for each fault by its place; `agreement.second_person`, `agreement.version_expected`, `agreement.paper_unreadable`, `agreement.paper_too_large`.
 */
export async function recordAgreement(ctx: Ctx, { record: given, paper = null }: AgreementToRecord): Promise<AgreementRecorded> {
  authorise(ctx, 'agreements.record');
  const record = checkedVersion(given);
  if (paper !== null) checkPaper(paper.bytes);
  return inTransaction(ctx, async (tx) => {
    await lockAgreement(tx, record.agreementId);
    const { versions, ends } = await knownAgreements(tx);
    const widenings = isAllowed(tx, 'agreements.record_alone') ? [] : wideningsOf(versions.get(record.agreementId)?.at(-1)?.record ?? null, record, ends, agencyDay(tx.clock));
    if (widenings.length > 0) throw new AppError('forbidden', 'agreement.second_person');
    return writeVersion(tx, record, { paper });
  });
}

/** A record that can be recorded. @throws AppError `agreement.invalid`. */
export function checkedVersion(given: unknown): AgreementRecord {
  const { record, findings } = checkedRecord(given);
  const faults = [...findings, ...(record ? unknownPartners(record) : [])];
  if (record === null || faults.length > 0) throw new AppError('invalid', 'agreement.invalid', { findings: faults });
  return record;
}

/** Writes the next version; whether the actor may is decided before, under `lockAgreement`. @throws AppError `agreement.version_expected`. */
export async function writeVersion(tx: TxCtx, record: AgreementRecord, { paper = null, preparedBy }: { readonly paper?: AgreementToRecord['paper']; readonly preparedBy?: string }): Promise<AgreementRecorded> {
  const { agreementId, version } = record;
  const { versions, recorded } = await knownAgreements(tx);
  const same = recorded.find((one) => one.agreementId === agreementId && one.version === version);
  if (same && isDeepStrictEqual(same.record, record)) return { agreementId, version, isRepeat: true };
  const expected = (versions.get(agreementId)?.at(-1)?.record.version ?? 0) + 1;
  if (version !== expected) throw new AppError('conflict', 'agreement.version_expected', { params: { agreement: agreementId, version, expected } });
  const partnerIds = [...new Set([...(versions.get(agreementId) ?? []).flatMap((one) => one.record.partners.value), ...record.partners.value])];
  await insertVersion(tx, record, { partnerIds, fileId: paper ? await keptPaper(tx, paper) : null });
  await recordAudit(tx, { action: 'agreement.recorded', subject: { type: 'agreement', id: agreementId }, details: { version, partners: record.partners.value.join(' '), basis: record.basis, ...(preparedBy === undefined ? {} : { preparedBy }) } });
  await emit(tx, 'agreement.recorded', { agreementId, version });
  return { agreementId, version, isRepeat: false };
}

function unknownPartners({ partners }: AgreementRecord): Finding[] {
  return partners.value.flatMap((partner, index) => (findPartner(partner) ? [] : [{ code: 'agreement.partner_unknown', severity: 'block' as const, path: `/partners/value/${index}`, params: { partner } }]));
}

function checkPaper(bytes: Uint8Array): void {
  if (bytes.length > PAPER_BYTES_MAX) throw new AppError('invalid', 'agreement.paper_too_large', { params: { bytesMax: PAPER_BYTES_MAX } });
  if (!Buffer.from(bytes.subarray(0, PDF_MARK.length)).equals(PDF_MARK)) throw new AppError('invalid', 'agreement.paper_unreadable');
}

async function keptPaper(ctx: TxCtx, { fileName, bytes }: { readonly fileName: string; readonly bytes: Uint8Array }): Promise<string> {
  return (await keepFile(ctx, { fileName, source: bytes, bytesMax: PAPER_BYTES_MAX })).fileId;
}
