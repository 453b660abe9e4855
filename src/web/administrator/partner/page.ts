import { dropPartnerDraft, getPartnerEdit, unconfirmedFacts } from '../../../modules/partners/index.ts';
import type { Fact, PartnerEdit, PartnerProfile } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { noteWords } from '../../agreement-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { linesOf, nodeOf } from '../../schema-form/nodes.ts';
import { formWords, trailOf } from '../../schema-form/words.ts';
import { pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { groupsOf, PLAIN, PROFILE_SCHEMA, schemaOfPart, valueAt } from '../partner-schema.ts';
import type { Part } from '../partner-schema.ts';
import { peopleNames } from '../people.ts';
import { sourceWords } from '../standing.ts';

const LINES_SHOWN = 8;
const DONE = ['kept', 'dropped', 'published', 'started', 'returned'];

/** One datum as it stands, with what it says in words. */
export function partLine(part: Part, content: unknown, visit: Visit) {
  const words = formWords(visit);
  const fact = part.isFact ? valueAt(content, part.at) as Fact<unknown> | null | undefined : undefined;
  const isThere = !part.isFact || (fact !== undefined && fact !== null);
  const node = isThere ? nodeOf(schemaOfPart(part), PROFILE_SCHEMA, part.isFact ? fact?.value : content, words, { name: '', names: [...part.at.split('/').slice(1), 'value'], isRequired: true }) : null;
  const lines = node ? linesOf(node, words) : [];
  return {
    at: part.at, anchor: `part${part.at.replace(/[^0-9A-Za-z]+/g, '-')}`, label: labelOf(part, fact, visit), isThere, isFact: part.isFact, lines: lines.slice(0, LINES_SHOWN), more: Math.max(0, lines.length - LINES_SHOWN),
    isConfirmed: fact?.confirmed ?? true, note: noteWords(fact?.note ?? null, visit), sources: (fact?.sources ?? []).map(sourceWords),
    confirmation: fact?.confirmation ? visit.t('admin:standing.said', { by: fact.confirmation.by, on: visit.format.date(fact.confirmation.on), from: fact.confirmation.from }) : null,
  };
}

/** A paper is called what it is; any other datum as its field. */
function labelOf({ at }: Part, fact: Fact<unknown> | null | undefined, visit: Visit): string {
  if (at === PLAIN) return visit.t('admin:part.plain');
  const code = at.startsWith('/documents/') ? (fact?.value as { code?: unknown } | undefined)?.code : undefined;
  return typeof code === 'string' ? `${trailOf('/documents', visit)} › ${wordsFor(visit.language).label('document', code)}` : trailOf(at, visit);
}

async function show(visit: Visit, edit: PartnerEdit) {
  const { ctx, format, t } = visit;
  const content = edit.draft?.content ?? edit.current;
  const nameOf = await peopleNames(visit, [...edit.draft?.preparedBy ?? [], ...edit.versions.flatMap(({ savedBy, preparedBy }) => [savedBy, ...preparedBy])]);
  const done = queryText(visit, 'done', 10);
  const documents = (content as { documents?: unknown }).documents;
  return view('administrator/partner', {
    partnerId: edit.partnerId, name: partnerNameOf(edit.partnerId, visit), isNew: edit.current === null, here: `/administration/partners/${encodeURIComponent(edit.partnerId)}`,
    groups: groupsOf(content).map(({ group, parts }) => ({ group, parts: parts.map((part) => partLine(part, content, visit)) })), nextDocument: `/documents/${Array.isArray(documents) ? documents.length : 0}`,
    unconfirmed: unconfirmedFacts(content as PartnerProfile).length, mayManage: isAllowed(ctx, 'partners.manage'), done: DONE.includes(done) ? t(`admin:partner.done_${done}`) : null,
    draft: edit.draft && t('admin:partner.draft', { who: edit.draft.preparedBy.map(nameOf).join(', '), when: format.moment(edit.draft.changedAt) }), hasFile: edit.hasFile, version: edit.version,
    versions: edit.versions.map((one) => ({ ...one, savedAt: format.instant(one.savedAt), savedBy: nameOf(one.savedBy), preparedBy: one.preparedBy.filter((id) => id !== one.savedBy).map(nameOf).join(', ') })),
  });
}

const hereOf = (visit: Visit): string => `/administration/partners/${encodeURIComponent(pathText(visit, 'partnerId'))}`;

/** One partner's profile as the administrators see it: each datum with how it stands, the draft, the versions. */
export const partnerPages: readonly Page[] = [
  { path: '/administration/partners/:partnerId', access: 'partners.review', get: async (visit) => show(visit, await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'))) },
  {
    path: '/administration/partners/:partnerId/drop', access: 'partners.manage',
    get: async (visit) => {
      const { draft, current, partnerId } = await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'));
      if (!draft) return redirect(hereOf(visit));
      return view('administrator/partner/drop', { here: hereOf(visit), name: partnerNameOf(partnerId, visit), isNew: current === null });
    },
    post: async (visit) => {
      const edit = await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'));
      await dropPartnerDraft(visit.ctx, edit.partnerId);
      return redirect(edit.current === null ? '/administration/partners?done=dropped' : `${hereOf(visit)}?done=dropped`);
    },
  },
];
