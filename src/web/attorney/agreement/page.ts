import { submitOnce } from '../../../modules/identity/index.ts';
import { approveAgreement, END_REASONS, endAgreement, getAgreement, getAgreementProposal, listPartners, openAgreementPaper, proposeAgreement, refuseAgreement } from '../../../modules/partners/index.ts';
import type { AgreementRecord, AgreementView, Fact } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { listedAgreement, noteWords, regionName } from '../../agreement-line.ts';
import { peopleNames } from '../../administrator/people.ts';
import { newFormId } from '../../form-id.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { agreementChanges } from './agreement-changes.ts';
import { CHOICES, enteredBy, enteredFrom, faultsOf, recordOf, rowsOf, withRows } from './version-form.ts';
import type { EnteredVersion } from './version-form.ts';

interface Fault {
  readonly field: string;
  readonly text: string;
  readonly beside?: string;
}

interface Shown {
  readonly ending?: { readonly from: string; readonly reason: string };
  readonly entered?: EnteredVersion;
  readonly faults?: readonly Fault[];
  /** The row that was just added. */
  readonly changed?: string;
}

interface Term {
  readonly name: string;
  readonly values: readonly string[];
  readonly isConfirmed: boolean;
  readonly note: string | null;
}

/** Each term with whether anybody has confirmed it, and a note. */
function termsOf(record: AgreementRecord, visit: Visit): Term[] {
  const { language, t, format } = visit;
  const words = wordsFor(language);
  const term = <T>(name: string, fact: Fact<T> | undefined, values: (value: T) => readonly string[]): Term[] => (fact === undefined ? [] : [
    { name, values: values(fact.value), isConfirmed: fact.confirmed, note: noteWords(fact.note ?? null, visit) }]);
  return [
    ...term('reference', record.reference, (value) => [value]),
    ...term('partners', record.partners, (ids) => (ids.length === 0 ? [t('agreements:no_partner')] : ids.map((id) => partnerNameOf(id, visit)))),
    ...term('parties', record.parties, (parties) => parties.map(({ names }) => names[language])),
    ...term('counties', record.counties, (counties) => counties.map((county) => words.of('county', county))),
    ...term('regions', record.regions, (regions) => regions.map((region) => regionName(region, visit))),
    ...term('services', record.services, (services) => services.map((service) => words.label('service', service))),
    ...term('validFrom', record.validFrom, (day) => [format.date(day)]),
    ...term('validUntil', record.validUntil, (day) => [day === null ? t('agreements:no_end') : format.date(day)]),
    ...term('signatories', record.signatories, (people) => people.map(({ name, office, signedOn }) => [name, office, ...(signedOn ? [format.date(signedOn)] : [])].join(', '))),
    ...term('text', record.text, (texts) => [texts[language] ?? texts['en'] ?? Object.values(texts)[0] ?? '']),
  ];
}

async function show(visit: Visit, shown: Shown = {}, status = 200): Promise<Reply> {
  const { ctx } = visit;
  const found = await getAgreement(ctx, pathText(visit, 'agreementId'));
  const [mayRecord, mayApprove] = [isAllowed(ctx, 'agreements.record'), isAllowed(ctx, 'agreements.approve')];
  const done = queryText(visit, 'done', 10);
  const recorded = queryText(visit, 'recorded', 4);
  const entered = shown.entered ?? enteredFrom(newestOf(found));
  return view('attorney/agreement', {
    line: listedAgreement(found, visit), terms: termsOf(found.record, visit), history: historyOf(found, visit), isTitleConfirmed: found.record.titles.confirmed, titleNote: noteWords(found.record.titles.note ?? null, visit),
    ends: found.ends.map((end) => visit.t('agreements:ended_line', { version: end.version, from: visit.format.date(end.endedFrom), reason: visit.t(`agreements:end_reason.${end.reason}`) })),
    mayRecord, proposal: mayRecord || mayApprove ? await proposalOf(visit, newestOf(found)) : null, said: recorded !== '' && ['proposed', 'approved', 'refused'].includes(done) ? done : null, reasons: END_REASONS, choices: CHOICES, formId: newFormId(), ending: shown.ending ?? { from: '', reason: '' }, entered, rows: rowsOf(entered, visit), changed: shown.changed ?? '', partners: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })), faults: shown.faults ?? [],
    isVersionOpen: shown.entered !== undefined || queryText(visit, 'new', 1) === '1', isEnded: done === 'ended', recorded: /^[1-9]\d{0,3}$/.test(recorded) ? recorded : null,
  }, status);
}

/** What waits for a second person: all that it changes, and its terms as they are to be. */
async function proposalOf(visit: Visit, before: AgreementRecord) {
  const found = await getAgreementProposal(visit.ctx, pathText(visit, 'agreementId'));
  if (found === null) return null;
  const { record, digest, widenings, isOwn, isOutdated, proposedAt, proposedBy } = found;
  const [{ t, language, format }, nameOf] = [visit, await peopleNames(visit, [proposedBy])];
  return {
    version: record.version, digest, widenings, isOwn, isOutdated, by: t('agreements:proposal.by', { when: format.moment(proposedAt), who: nameOf(proposedBy) }),
    mayApprove: isAllowed(visit.ctx, 'agreements.approve'), changes: agreementChanges(before, record, visit), kind: record.kind, basis: record.basis, terms: [{ name: 'titles', values: [record.titles.value[language]], isConfirmed: record.titles.confirmed, note: null }, ...termsOf(record, visit)],
  };
}

function newestOf({ history, record }: AgreementView): AgreementRecord {
  return history[0]?.record ?? record;
}

function historyOf({ history }: AgreementView, { t, format }: Visit) {
  return history.map(({ record, origin, recordedAt, recordedBy, hasPaper }) => ({
    version: record.version, from: record.validFrom.value, until: record.validUntil.value, origin: t(`agreements:origin.${origin}`), hasPaper,
    recorded: recordedAt === null ? null : recordedBy === null ? t('agreements:recorded_on', { when: format.moment(recordedAt) }) : t('agreements:recorded_at', { when: format.moment(recordedAt), who: recordedBy }),
  }));
}

const hereOf = (visit: Visit): string => `/agreements/${encodeURIComponent(pathText(visit, 'agreementId'))}`;

const end: Handler = async (visit) => {
  const ending = { from: field(visit, 'ended_from', 20), reason: field(visit, 'reason', 40) };
  const fault = (name: string, key: string): Promise<Reply> => show(visit, { ending, faults: [{ field: name, text: visit.t(`agreements:end.${key}`) }] }, 422);
  if (ending.reason === '') return fault('reason', 'reason_missing');
  try {
    // The same said twice is written once, so this needs no guard.
    await endAgreement(visit.ctx, { agreementId: pathText(visit, 'agreementId'), from: ending.from === '' ? null : ending.from, reason: ending.reason });
    return redirect(`${hereOf(visit)}?done=ended`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'agreement.end_day_invalid') return fault('ended_from', 'day_wrong');
    if (error instanceof AppError && error.code === 'agreement.end_later') return show(visit, { ending, faults: [{ field: 'ended_from', text: wordsFor(visit.language).error(error.code, { from: visit.format.date(String(error.params?.['from'] ?? '')) }) }] }, 409);
    if (error instanceof AppError && error.code === 'agreement.end_reason_unknown') return fault('reason', 'reason_missing');
    throw error;
  }
};

const recordVersion: Handler = async (visit) => {
  const newest = newestOf(await getAgreement(visit.ctx, pathText(visit, 'agreementId')));
  const entered = enteredBy(visit, newest);
  const rows = withRows(entered, field(visit, 'do', 100));
  if (rows) return show(visit, rows);
  try {
    const to = await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      const { version, isProposed } = await proposeAgreement(tx, recordOf(entered, newest));
      return `${hereOf(visit)}?recorded=${version}${isProposed ? '&done=proposed' : ''}`;
    });
    return redirect(to);
  } catch (error) {
    if (!(error instanceof AppError) || !['agreement.invalid', 'agreement.version_expected'].includes(error.code)) throw error;
    const words = wordsFor(visit.language);
    const faults = error.code === 'agreement.invalid'
      ? faultsOf(error.findings, words.finding, (term) => (hasWords(visit.language, `agreements:field.${term}`) ? visit.t(`agreements:field.${term}`) : term), rowsOf(entered, visit))
      : [{ field: 'title_en', text: words.error(error.code, error.params) }];
    return show(visit, { entered, faults }, error.kind === 'conflict' ? 409 : 422);
  }
};

/** The answer of the second person, to what was on the screen and nothing else. */
const answer = (isApproved: boolean): Handler => async (visit) => {
  const asked = { agreementId: pathText(visit, 'agreementId'), digest: field(visit, 'digest', 64) };
  const version = (await getAgreementProposal(visit.ctx, asked.agreementId))?.record.version ?? 1;
  await (isApproved ? approveAgreement : refuseAgreement)(visit.ctx, asked);
  return redirect(`${hereOf(visit)}?recorded=${version}&done=${isApproved ? 'approved' : 'refused'}`);
};

const paper: Handler = async (visit) => {
  const { bytes, fileName } = await openAgreementPaper(visit.ctx, pathText(visit, 'agreementId'), Number(pathText(visit, 'version')) || 0);
  return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: false };
};

const backToAgreement: Handler = async (visit) => redirect(hereOf(visit));

/** One agreement: its terms, how it stands, its versions; and for who may, ending it and recording a further version. */
export const agreementPages: readonly Page[] = [
  { path: '/agreements/:agreementId', access: 'agreements.view', get: (visit) => show(visit) },
  { path: '/agreements/:agreementId/end', access: 'agreements.record', get: backToAgreement, post: end },
  { path: '/agreements/:agreementId/versions', access: 'agreements.record', get: backToAgreement, post: recordVersion },
  { path: '/agreements/:agreementId/approve', access: 'agreements.approve', get: backToAgreement, post: answer(true) },
  { path: '/agreements/:agreementId/refuse', access: 'agreements.approve', get: backToAgreement, post: answer(false) },
  { path: '/agreements/:agreementId/paper/:version', access: 'agreements.view', get: paper },
];
