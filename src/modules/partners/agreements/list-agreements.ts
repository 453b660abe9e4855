import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, withActor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { recordAudit } from '../../audit/index.ts';
import type { AgreementOnDay, AgreementOrigin } from './agreement.rules.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';
import type { RecordedEnd } from './agreement.store.ts';
import { agencyDay, knownAgreements, onDay } from './known-agreements.ts';

/** A version in the history of an agreement. */
export interface AgreementHistoryLine {
  readonly record: AgreementRecord;
  readonly origin: AgreementOrigin;
  readonly recordedAt: Date | null;
  readonly recordedBy: string | null;
  readonly hasPaper: boolean;
}

export interface AgreementView extends AgreementOnDay {
  /** The newest first. */
  readonly history: readonly AgreementHistoryLine[];
  /** In the order in which they were said. */
  readonly ends: readonly RecordedEnd[];
}

/** Every agreement as it stands on a day, by default the agency's today, of one partner or of all; an officer sees the own partner's. */
export async function listAgreements(ctx: Ctx, { partnerId = null, on }: { readonly partnerId?: string | null; readonly on?: CalendarDate } = {}): Promise<AgreementOnDay[]> {
  authorise(ctx, 'agreements.view');
  const all = await inTransaction(ctx, async (tx) => onDay(await knownAgreements(tx), on ?? agencyDay(tx.clock)));
  const asked = [partnerId, ctx.actor.partner].filter((one) => one !== null);
  return all.filter(({ record }) => asked.every((one) => record.partners.value.includes(one)));
}

/** @throws AppError `agreement.not_found`. */
export async function getAgreement(ctx: Ctx, agreementId: string): Promise<AgreementView> {
  authorise(ctx, 'agreements.view');
  return inTransaction(ctx, async (tx) => {
    const known = await knownAgreements(tx);
    const versions = known.versions.get(agreementId);
    const standing = versions && onDay({ ...known, versions: new Map([[agreementId, versions]]) }, agencyDay(tx.clock))[0];
    const { partner } = ctx.actor;
    const isAgency = partner === null;
    const isSeen = (record: AgreementRecord): boolean => isAgency || record.partners.value.includes(partner);
    if (!versions || !standing || !isSeen(standing.record)) throw notFound(agreementId);
    const history = [...versions].reverse().filter(({ record }) => isSeen(record)).map(({ record, origin }): AgreementHistoryLine => {
      const row = origin === 'recorded' ? known.recorded.find((one) => one.agreementId === agreementId && one.version === record.version) : undefined;
      return { record, origin, recordedAt: row?.recordedAt ?? null, recordedBy: isAgency ? row?.recordedBy ?? null : null, hasPaper: isAgency && (row?.fileId ?? null) !== null };
    });
    return { ...standing, history, ends: known.ends.filter((end) => end.agreementId === agreementId).map((end) => (isAgency ? end : { ...end, recordedBy: '' })) };
  });
}

/** The signed paper of a version, for the agency's own people. @throws AppError `agreement.not_found`. */
export async function openAgreementPaper(ctx: Ctx, agreementId: string, version: number): Promise<{ readonly bytes: Readable; readonly fileName: string }> {
  authorise(ctx, 'agreements.view');
  const fileId = await inTransaction(ctx, async (tx: TxCtx) => {
    const { recorded } = await knownAgreements(tx);
    const found = ctx.actor.partner === null ? recorded.find((one) => one.agreementId === agreementId && one.version === version)?.fileId : null;
    if (!found) throw notFound(agreementId);
    await recordAudit(tx, { action: 'agreement.paper_read', subject: { type: 'agreement', id: agreementId }, details: { version } });
    return found;
  });
  // A kept file is seen by whoever sees all counties; this one is of all of them.
  return { bytes: openKeptFile(withActor(ctx, { ...ctx.actor, counties: 'all' }), fileId), fileName: `${agreementId}-${version}.pdf` };
}

const notFound = (agreementId: string): AppError => new AppError('not_found', 'agreement.not_found', { params: { agreement: agreementId.slice(0, 60) } });
