import { REVEAL_REASONS, revealDatum, viewCase } from '../../../modules/cases/index.ts';
import type { MaskedKind, RevealedDatum } from '../../../modules/cases/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { numberLabel } from '../case/case-view.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const KINDS: readonly MaskedKind[] = ['identifier', 'account', 'phone'];
const TOLD = ['reveal.reason_needed', 'reveal.too_many'];

interface Wanted {
  readonly caseId: string;
  readonly participantId: string;
  readonly kind: MaskedKind;
  readonly position: number;
  readonly reason: string;
}

function wantedOf(visit: Visit): Wanted {
  const [kind, position] = [field(visit, 'kind', 12), field(visit, 'position', 3)];
  return {
    caseId: pathText(visit, 'caseId'), participantId: field(visit, 'participant', 80), kind: KINDS.find((one) => one === kind) ?? 'identifier',
    position: /^\d{1,2}$/.test(position) ? Number(position) : -1, reason: field(visit, 'reason', 40),
  };
}

/** The number is in this answer alone: it stands in no address, and asking again is another entry of the record. */
async function show(visit: Visit): Promise<Reply> {
  const wanted = wantedOf(visit);
  try {
    return shown(visit, wanted, await revealDatum(visit.ctx, wanted));
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
    return again(visit, wanted, error);
  }
}

/** What the page says around the number: of whom it is, where it is asked for, and the way back. */
function aroundOf({ t, format }: Visit, { caseId, participantId, kind, position }: Wanted, what: string, name: RevealedDatum['name']) {
  const here = `/cases/${encodeURIComponent(caseId)}`;
  return {
    subject: t('web:case.title', { caseId }), heading: t('reveal:title', { what, name: format.name(name) }), back: { href: here, words: t('reveal:back', { caseId }) }, action: `${here}/reveal`,
    unseen: [['participant', participantId], ['kind', kind], ['position', String(position)]],
  };
}

function shown(visit: Visit, wanted: Wanted, datum: RevealedDatum): Reply {
  return view('attorney/reveal', {
    ...aroundOf(visit, wanted, numberLabel(visit, datum), datum.name), value: datum.value, reason: visit.t(`reveal:reasons.${datum.reason}`), faults: [], reasons: [],
  });
}

/** The form by itself, with what is missing. */
async function again(visit: Visit, wanted: Wanted, { code, kind, params }: AppError): Promise<Reply> {
  const { supportCase, masked, screen } = await viewCase(visit.ctx, wanted.caseId);
  const datum = masked.get(wanted.participantId)?.find((one) => one.kind === wanted.kind && one.position === wanted.position);
  const name = screen.people.get(wanted.participantId)?.name;
  if (datum === undefined || name === undefined) throw new AppError('not_found', 'reveal.not_shown');
  return view('attorney/reveal', {
    ...aroundOf(visit, { ...wanted, caseId: supportCase.caseId }, numberLabel(visit, datum), name), value: null, reason: null, reasons: REVEAL_REASONS,
    faults: [{ field: 'reason', text: wordsFor(visit.language).error(code, params) }],
  }, kind === 'conflict' ? 409 : 422);
}

/** One masked number of a person, shown once to whoever says why. */
export const revealPage: Page = {
  path: '/cases/:caseId/reveal',
  access: 'identifiers.reveal',
  get: async (visit) => redirect(`/cases/${encodeURIComponent(pathText(visit, 'caseId'))}`),
  post: show,
};
