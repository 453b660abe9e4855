import { viewCase } from '../../../modules/cases/index.ts';
import { CASE_DISCLOSURE_SORTS, DISCLOSURE_KINDS, listDisclosures } from '../../../modules/referrals/index.ts';
import type { DisclosedContent, DisclosureQuery, DisclosureRow, Grounds, ToldContent } from '../../../modules/referrals/index.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';

const CSV_STEP = 200;

type Say = (key: string) => string;

/** Words of a code where a locale has them, else the code as it is: a form or a category of another country. */
function worded({ t }: Visit, key: string, code: string): string {
  return hasWords('en', key) ? t(key) : code;
}

function contentView(visit: Visit, content: DisclosedContent) {
  const { t } = visit;
  const category: Say = (code) => (code.startsWith('identifier_') ? t('disclosures:identifier', { type: code.slice('identifier_'.length).toUpperCase() }) : t(`disclosures:category.${code}`));
  const personsOf = (persons: DisclosedContent['persons']) => persons.map(({ number, role, isProtected, categories }) => ({ number, isProtected, role: worded(visit, `web:role.${role}`, worded(visit, `cases:role.${role}`, role)), told: categories.map(category) }));
  return {
    persons: personsOf(content.persons),
    counts: (['orders', 'obligations', 'balances', 'arrearsMonths'] as const).filter((one) => content[one] > 0).map((one) => t(`disclosures:count.${one}`, { count: content[one] })),
    answers: content.answers.map(({ section, of, fields }) => ({ section: worded(visit, `interview:section.${section}`, section), of, count: fields.length })),
    texts: content.texts.length,
    documents: content.documents.map(({ id, pages }) => ({ id, pages })),
    attachments: content.attachments.map((one) => ({ ...one, kind: worded(visit, `attachments:kind.${one.kind}`, one.kind) })),
    keptBack: Object.entries(content.keptBack).map(([reason, count]) => ({ reason: t(`disclosures:reason.${reason}`), count })),
    sealedParts: content.sealedParts.map((part) => ({ ...part, persons: personsOf(part.persons) })),
  };
}

export function groundsView(visit: Visit, { legalBasis, isLegalBasisConfirmed, exchange, isExchangeConfirmed, authorities, approver, agreements = [] }: Grounds) {
  const basis = (code: string): string => worded(visit, `partners:legal_basis.${code.replaceAll('.', '_')}`, code);
  return {
    lines: [
      ...legalBasis.map((code) => ({ text: basis(code), isConfirmed: isLegalBasisConfirmed })),
      { text: visit.t('disclosures:exchange', { basis: worded(visit, `partners:basis.${exchange}`, exchange) }), isConfirmed: isExchangeConfirmed },
      ...agreements.map(({ titles, version, isConfirmed }) => ({ text: `${titles[visit.language]}, ${visit.t('agreements:version', { version })}`, isConfirmed })),
      ...authorities.map(({ citation, isConfirmed }) => ({ text: citation, isConfirmed })),
    ],
    approver,
  };
}

const PLACES: Readonly<Record<string, string>> = { inquiry: '/inquiries/', documents: '/messages/' };

/** What was told without a packet: by what, and about what of the case. */
function toldView(visit: Visit, { by, id, about }: ToldContent) {
  return {
    id, what: worded(visit, `disclosures:told_by.${by}`, by), href: `${PLACES[by] ?? '/conversations?message='}${encodeURIComponent(id)}`,
    about: about.map((code) => worded(visit, by === 'documents' ? `attachments:kind.${code}` : `disclosures:told.${code}`, code)),
  };
}

function lineOf(visit: Visit, row: DisclosureRow) {
  const { record, content } = row;
  const isTold = row.kind === 'delivered' || row.kind === 'sealed';
  return {
    ...row,
    what: visit.t(`disclosures:kind.${row.kind}`), partner: partnerNameOf(row.partnerId, visit),
    by: row.actorPartner === null ? row.actorId : visit.t('disclosures:by_partner', { partner: partnerNameOf(row.actorPartner, visit, 'short') }),
    channel: record.channel === undefined ? null : worded(visit, `partners:channel.${record.channel}`, record.channel),
    sets: record.sets ?? null,
    grounds: record.grounds ? groundsView(visit, record.grounds) : null,
    content: isTold && content ? contentView(visit, content) : null,
    isUnknown: isTold && content === null,
    told: record.told ? toldView(visit, record.told) : null,
  };
}

/** What left of a case, to whom, when and on what ground: for whoever must answer for it. */
export const disclosuresPage: Page = {
  path: '/cases/:caseId/disclosures',
  access: 'disclosures.view',
  get: async (visit) => {
    const { supportCase } = await viewCase(visit.ctx, pathText(visit, 'caseId'));
    const { t } = visit;
    const sort = sortOf(visit, CASE_DISCLOSURE_SORTS, { by: 'when', isDescending: true });
    const kind = choiceOf(visit, 'kind', t('disclosures:what'), DISCLOSURE_KINDS.map((one) => [one, t(`disclosures:kind.${one}`)] as const));
    const partner = choiceOf(visit, 'partner', t('web:referral.partner'), listPartners().map(({ partnerId }) => [partnerId, partnerNameOf(partnerId, visit, 'short')] as const));
    const query = { caseId: supportCase.caseId, kind: chosen(kind), partnerId: chosen(partner), order: sort };
    if (wantsCsv(visit)) return csv(visit, query);
    const found = await listDisclosures(visit.ctx, { ...query, page: queryPage(visit) });
    return view('attorney/disclosures', {
      caseId: supportCase.caseId, total: found.total, lines: found.rows.map((row) => lineOf(visit, row)), choices: [kind, partner], isNarrowed: kind.value !== '' || partner.value !== '', kept: [['sort', queryText(visit, 'sort', 40)]],
      csv: csvAddress(visit), orders: headsOf(visit, [{ label: t('disclosures:when'), sort: 'when' }, { label: t('disclosures:what'), sort: 'kind' }, { label: t('web:referral.partner'), sort: 'partner' }], sort),
      paging: pagingNumbered(visit, found.page, found.page * found.pageSize < found.total),
    });
  },
};

function csv(visit: Visit, query: DisclosureQuery): Promise<Reply> {
  const heads = ['disclosures:when', 'disclosures:what', 'web:referral.partner', 'disclosures:by', 'disclosures:channel', 'disclosures:packet', 'disclosures:digest'].map((key) => visit.t(key));
  return csvOf(visit, 'case-disclosures', heads, csvLines(visit, query));
}

async function* csvLines(visit: Visit, query: DisclosureQuery): AsyncGenerator<Line> {
  for await (const row of allPages(async (page) => {
    const { rows, total, pageSize } = await listDisclosures(visit.ctx, { ...query, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * pageSize < total };
  })) {
    const line = lineOf(visit, row);
    yield telling([row.happenedAt.toISOString(), line.what, line.partner, line.by, line.channel ?? '', row.packetNumber === null ? line.told?.id ?? '' : visit.t('web:packet.number', { number: row.packetNumber }), row.sha256 ?? ''], { case: query.caseId });
  }
}
