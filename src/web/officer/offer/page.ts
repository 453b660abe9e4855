import { receiveMessage } from '../../../modules/exchange/index.ts';
import { lookAtOffer, mapOffer, offerList, openOffer, recordOfferSent } from '../../../modules/payments/index.ts';
import type { ListPreview, OfferLooked } from '../../../modules/payments/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { enteredMapping, kindAmong, mappingForm, mappingOf } from '../../mapping-form.ts';
import type { EnteredMapping } from '../../mapping-form.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import type { Words } from '../../words.ts';
import { uploadFaultOf } from '../send/upload-fault.ts';

/** By a browser; longer lists come by API or SFTP. */
const LIST_BYTES_MAX = 20 * 1024 * 1024;
const FORM_BYTES = 64 * 1024;
const COLUMNS_SHOWN = ['reference', 'disbursementId', 'caseId', 'payeeName', 'happenedOn', 'status', 'amount', 'rate', 'fee', 'settled'];
const NUMBERS_SHOWN = ['amount', 'rate', 'fee', 'settled'];
/** A date that is read in two ways by those who put the day first and those who put the month first. */
const DATE_EXAMPLE = { printed: '05/06/2026', day_first: '2026-06-05', month_first: '2026-05-06' } as const;

const hrefOf = (offerId: string): string => `/lists/offers/${encodeURIComponent(offerId)}`;

/** Where an officer chooses a list. It is kept and read, and goes no further until the officer has seen what was understood. */
const choosePage: Page = {
  path: '/lists/send',
  access: 'payments.offer',
  get: async (visit) => choose(visit, null),
  post: async (visit) => {
    const { req, ctx } = visit;
    try {
      if (!req.upload || req.upload.fileName === '') throw new AppError('invalid', 'incoming.file_needed');
      if (Number(req.get('content-length') ?? 0) > LIST_BYTES_MAX + FORM_BYTES) throw new AppError('invalid', 'file.too_large', { params: { bytesMax: LIST_BYTES_MAX } });
      const { offerId, isNew } = await offerList(ctx, { fileName: req.upload.fileName, source: req.upload.source });
      // Read now, once: the page that follows shows what was kept of it.
      await lookAtOffer(ctx, offerId);
      return redirect(`${hrefOf(offerId)}${isNew ? '' : '?done=same'}`);
    } catch (error) {
      const fault = error instanceof AppError ? { 'payments.empty_file': 'empty' }[error.code] ?? uploadFaultOf(error.code) : 'cut_off';
      if (!fault || (error instanceof AppError && !['invalid', 'conflict'].includes(error.kind)) || (!(error instanceof AppError) && !req.upload?.source.errored)) throw error;
      return choose(visit, fault);
    }
  },
};

function choose(visit: Visit, fault: string | null): Reply {
  return view('officer/offer', {
    looked: null, fault, faults: fault === null ? [] : [{ field: 'file', text: visit.t(`officer:upload.${fault}.title`) }], megabytes: LIST_BYTES_MAX / 1024 / 1024,
  }, fault === null ? 200 : 422);
}

/** A list as it was understood: what will be imported, and what of it cannot be; or the form that says what its columns are. */
async function look(visit: Visit, mapping: { readonly entered: EnteredMapping; readonly error: AppError } | null = null, offer: AppError | null = null): Promise<Reply> {
  const looked = await lookAtOffer(visit.ctx, pathText(visit, 'offerId'));
  const words = wordsFor(visit.language);
  const done = queryText(visit, 'done', 10);
  const kind = looked.untold ? kindAmong(looked.untold, mapping?.entered['kind'] ?? queryText(visit, 'kind', 20), String(looked.refusal?.params.kind ?? '')) : null;
  return view('officer/offer', {
    looked, fault: null, here: hrefOf(looked.offer.offerId), shown: looked.preview && shownOf(visit, looked.preview, words), canSend: looked.preview !== null && looked.preview.count > looked.preview.faultyCount,
    done: ['sent', 'same', 'mapped'].includes(done) ? done : null, lacks: lacksOf(visit, looked, words),
    form: looked.untold && kind ? mappingForm(looked.untold, looked.offer.partnerId, kind, mapping?.entered ?? null) : null,
    faults: [...mappingFaults(visit, mapping?.error ?? null, words), ...(offer ? [{ field: 'send', text: words.error(offer.code, offer.params) }] : [])],
  }, mapping || offer ? 422 : 200);
}

/** Why nothing could be understood, in words. */
function lacksOf(visit: Visit, { refusal, untold }: OfferLooked, words: Words): { readonly title: string; readonly lines: readonly string[] } | null {
  if (refusal === null) return null;
  const columns = refusal.findings.flatMap(({ path }) => (untold && path ? [visit.t(`tables:field.${path}`)] : []));
  return { title: words.error(refusal.code, refusal.params), lines: columns.length > 0 ? columns : refusal.findings.map((finding) => words.finding(finding)) };
}

function mappingFaults(visit: Visit, error: AppError | null, words: Words): { field: string; text: string }[] {
  if (error === null) return [];
  if (error.findings.length === 0) return [{ field: 'columns', text: words.error(error.code, error.params) }];
  return error.findings.map((finding) => ({ field: 'columns', text: `${finding.path && !finding.path.startsWith('/') ? `${visit.t(`tables:field.${finding.path}`)}: ` : ''}${words.finding(finding)}` }));
}

function shownOf({ format, t }: Visit, preview: ListPreview, words: Words): Record<string, unknown> {
  const doubtful = new Set((preview.doubtful ?? []).map(({ line }) => line));
  return {
    doubtful: (preview.doubtful ?? []).map(({ line, flags }) => ({ line, words: flags.map((code) => words.finding({ code, severity: 'warn', line })) })),
    unread: preview.unreadStatuses ?? [], dates: preview.dayOrder === undefined ? null : { printed: DATE_EXAMPLE.printed, read: format.date(DATE_EXAMPLE[preview.dayOrder]) },
    columns: COLUMNS_SHOWN.filter((name) => preview.columns[name] !== undefined).map((name) => ({ name, label: t(`tables:field.${name}`), isNumber: NUMBERS_SHOWN.includes(name) })),
    lines: preview.lines.map((line) => ({
      line: line.line, isFaulty: line.faults.length > 0, isDoubtful: doubtful.has(line.line),
      cells: {
        reference: line.reference, disbursementId: line.disbursementId ?? '', rate: line.rate ?? '', status: preview.columns['status'] === undefined ? '' : line.status === null ? t('officer:offer.status_unread') : words.reason(`status.${line.status}`),
        fee: line.feeMinor === null ? '' : format.money(line.feeMinor, line.settledCurrency ?? ''), caseId: line.caseId ?? '', payeeName: line.payeeName || line.obligorName, happenedOn: format.day(line.happenedOn),
        amount: line.amountMinor === null ? '' : format.money(line.amountMinor, line.currency ?? ''), settled: line.settledMinor === null ? '' : format.money(line.settledMinor, line.settledCurrency ?? ''),
      },
    })),
    faulty: preview.faulty.map(({ line, faults }) => ({ line, words: faults.map((code) => words.finding({ code, severity: 'warn', line })) })),
    collected: preview.totals.filter(({ settled }) => !settled).map(({ collected, currency }) => format.money(collected, currency)),
    settled: preview.totals.filter(({ settled }) => settled).map(({ collected, currency }) => format.money(collected, currency)),
    notes: preview.findings.map((finding) => ({ severity: finding.severity, line: finding.line ?? null, text: words.finding(finding) })),
    read: Object.entries(preview.columns).map(([name, at]) => ({ label: t(`tables:field.${name}`), at })),
  };
}

/** The officer has seen what was understood and sends it, by the door for everything that comes in: the signed receipt is that door's. */
async function send(visit: Visit): Promise<Reply> {
  const offerId = pathText(visit, 'offerId');
  const { offer, source } = await openOffer(visit.ctx, offerId);
  if (offer.sentAt !== null) {
    source.destroy();
    return redirect(`${hrefOf(offerId)}?done=sent`);
  }
  try {
    const { messageId, receiptId, state, findings } = await receiveMessage(visit.ctx, { partnerId: offer.partnerId, channel: 'portal', source, fileName: offer.fileName, byteCount: offer.byteCount });
    if (state === 'refused') throw new AppError('invalid', 'payments.list_not_taken', { findings });
    await recordOfferSent(visit.ctx, offerId, { messageId, receiptId });
    return redirect(`${hrefOf(offerId)}?done=sent`);
  } catch (error) {
    if (!(error instanceof AppError) || !/^(?:exchange\.too_|payments\.)/.test(error.code)) throw error;
    return look(visit, null, error);
  }
}

async function saveColumns(visit: Visit): Promise<Reply> {
  const offerId = pathText(visit, 'offerId');
  const { untold, refusal } = await lookAtOffer(visit.ctx, offerId);
  if (!untold) return redirect(hrefOf(offerId));
  const entered = enteredMapping(visit, untold);
  const kind = kindAmong(untold, field(visit, 'kind', 20), String(refusal?.params.kind ?? ''));
  try {
    await mapOffer(visit.ctx, offerId, { kind, mapping: mappingOf(entered, untold) });
    return redirect(`${hrefOf(offerId)}?done=mapped`);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
    return look(visit, { entered, error });
  }
}

export const offerPages: readonly Page[] = [
  choosePage,
  { path: '/lists/offers/:offerId', access: 'payments.offer', get: (visit) => look(visit) },
  { path: '/lists/offers/:offerId/send', access: 'payments.offer', get: async (visit) => redirect(hrefOf(pathText(visit, 'offerId'))), post: send },
  { path: '/lists/offers/:offerId/columns', access: 'payments.offer', get: async (visit) => redirect(hrefOf(pathText(visit, 'offerId'))), post: saveColumns },
];
