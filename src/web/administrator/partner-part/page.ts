import { changePartnerDraft, checkedProfile, getPartnerEdit } from '../../../modules/partners/index.ts';
import type { Fact, PartnerEdit } from '../../../modules/partners/index.ts';
import { officeDay } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { faultsAt, withoutBranches } from '../../schema-form/faults.ts';
import type { FieldFault } from '../../schema-form/faults.ts';
import { nodeOf } from '../../schema-form/nodes.ts';
import type { FormNode } from '../../schema-form/nodes.ts';
import { isEmpty, rowsChanged, valueFrom } from '../../schema-form/read.ts';
import type { Sent } from '../../schema-form/read.ts';
import { formWords, trailOf } from '../../schema-form/words.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { partAt, PLAIN, PROFILE_SCHEMA, schemaOfPart, valueAt, withValueAt } from '../partner-schema.ts';
import type { Part } from '../partner-schema.ts';
import { factFrom, sourceWords, standingBy, standingOf } from '../standing.ts';
import type { EnteredStanding } from '../standing.ts';

interface Shown {
  readonly value?: unknown;
  readonly standing?: EnteredStanding;
  readonly findings?: readonly Finding[];
  readonly more?: readonly FieldFault[];
  /** The row that was just added, or the list from which one was taken. */
  readonly changed?: string;
  readonly revision?: number;
}

const contentOf = (edit: PartnerEdit): unknown => edit.draft?.content ?? edit.current;
const baseOf = (part: Part): string => (part.isFact ? `${part.at}/value` : '');
const hereOf = (partnerId: string): string => `/administration/partners/${encodeURIComponent(partnerId)}`;

function formOf(part: Part, value: unknown, visit: Visit): FormNode {
  const names = part.at.split('/').slice(1).filter((name) => name !== '');
  const node = nodeOf(schemaOfPart(part), PROFILE_SCHEMA, value, formWords(visit), { name: baseOf(part), names: [...names, 'value'], isRequired: true });
  if (!node) throw new Error('fault: a part of a profile has no form');
  return node;
}

async function show(visit: Visit, part: Part, edit: PartnerEdit, shown: Shown = {}, status = 200): Promise<Reply> {
  const { partnerId } = edit;
  const content = contentOf(edit);
  const fact = part.isFact ? valueAt(content, part.at) as Fact<unknown> | undefined : undefined;
  const node = formOf(part, 'value' in shown ? shown.value : part.isFact ? fact?.value : content, visit);
  const words = wordsFor(visit.language);
  const faults = [...faultsAt(withoutBranches(shown.findings ?? []), node, words.finding, (line) => visit.t('admin:form.line', { line })), ...(shown.more ?? [])];
  return view('administrator/partner-part', {
    partnerId, partner: partnerNameOf(partnerId, visit), at: part.at, title: part.at === PLAIN ? visit.t('admin:part.plain') : trailOf(part.at, visit), node, faults, isFact: part.isFact,
    isThere: part.isFact ? fact !== undefined && fact !== null : true, isOptional: part.isOptional, standing: shown.standing ?? standingOf(fact ?? undefined), changed: shown.changed ?? '', here: hereOf(partnerId),
    sources: (fact?.sources ?? []).map((mark) => ({ mark, words: sourceWords(mark) })), revision: shown.revision ?? edit.draft?.revision ?? 0,
  }, status);
}

async function partOf(visit: Visit, at: string): Promise<{ readonly part: Part; readonly edit: PartnerEdit }> {
  const edit = await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'));
  const part = partAt(at, contentOf(edit));
  if (!part) throw new AppError('not_found', 'partner.part_unknown');
  return { part, edit };
}

const read: Handler = async (visit) => {
  const { part, edit } = await partOf(visit, queryText(visit, 'at', 100));
  return show(visit, part, edit);
};

const save: Handler = async (visit) => {
  const { part, edit } = await partOf(visit, field(visit, 'at', 100));
  const sent = (visit.req.body ?? {}) as Sent;
  const revision = Number(field(visit, 'revision', 8)) || 0;
  const asked = field(visit, 'do', 300);
  const value = valueFrom(schemaOfPart(part), PROFILE_SCHEMA, sent, baseOf(part), true);
  const standing = standingBy(visit);
  const rows = rowsChanged(value, asked, baseOf(part));
  if (rows) return show(visit, part, edit, { value: rows.value, standing, changed: rows.changed, revision });
  if (asked === 'drop' && part.isOptional) return keep(visit, edit, revision, withValueAt(contentOf(edit), part.at, undefined), part, {});
  const content = contentOf(edit);
  const before = part.isFact ? valueAt(content, part.at) as Fact<unknown> | null | undefined : undefined;
  const { fact, faults } = part.isFact ? factFrom(before ?? undefined, value, standing, officeDay(visit.ctx)) : { fact: null, faults: [] };
  const next = part.isFact ? withValueAt(content, part.at, part.at.startsWith('/files/') && isEmpty(value) ? undefined : fact) : withPlain(content, value);
  const findings = checkedProfile(next).findings.filter(({ path = '' }) => (part.isFact ? path === part.at || path.startsWith(`${part.at}/`) : isPlainPath(path)));
  const more = faults.map((name): FieldFault => ({ field: `confirmed_${name}`, text: visit.t(`admin:standing.fault_${name}`), beside: visit.t(`admin:standing.fault_${name}`) }));
  if (findings.length > 0 || more.length > 0) return show(visit, part, edit, { value, standing, findings, more, revision }, 422);
  return keep(visit, edit, revision, next, part, { value, standing, revision });
};

const isPlainPath = (path: string): boolean => /^\/(kind|country|validFrom|validUntil)(\/|$)/.test(path);

function withPlain(content: unknown, value: unknown): unknown {
  const { validUntil: _until, ...rest } = content as Record<string, unknown>;
  const { profileVersion, partnerId, validFrom: _from, ...others } = rest;
  return { profileVersion, partnerId, ...(value as Record<string, unknown>), ...Object.fromEntries(Object.entries(others).filter(([name]) => name !== 'kind' && name !== 'country')) };
}

async function keep(visit: Visit, edit: PartnerEdit, revision: number, next: unknown, part: Part, shown: Shown): Promise<Reply> {
  try {
    await changePartnerDraft(visit.ctx, edit.partnerId, revision, () => next);
  } catch (error) {
    if (!(error instanceof AppError) || !['partner.draft_changed', 'partner.draft_too_large'].includes(error.code)) throw error;
    const text = wordsFor(visit.language).error(error.code, error.params);
    return show(visit, part, edit, { ...shown, more: [{ field: 'main', text, beside: text }] }, error.kind === 'conflict' ? 409 : 422);
  }
  return redirect(`${hereOf(edit.partnerId)}?done=kept#part${part.at.replace(/[^0-9A-Za-z]+/g, '-')}`);
}

/** One datum of a partner's profile as a form that is made from the schema, with how it stands. What is saved goes into the draft. */
export const partnerPartPage: Page = { path: '/administration/partners/:partnerId/part', access: 'partners.manage', get: read, post: save };
