import { changePartnerDraft, checkedProfile, getPartnerEdit } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { withoutBranches } from '../../schema-form/faults.ts';
import { readLocated } from '../../schema-form/located-json.rules.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const CHARACTERS_MAX = 400_001;
const FAULTS_MAX = 60;
const hereOf = (visit: Visit): string => `/administration/partners/${encodeURIComponent(pathText(visit, 'partnerId'))}`;

interface Shown {
  readonly text?: string;
  readonly faults?: readonly { readonly field: string; readonly text: string }[];
  readonly revision?: number;
}

async function show(visit: Visit, shown: Shown = {}, status = 200): Promise<Reply> {
  const edit = await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'));
  return view('administrator/partner-json', {
    here: hereOf(visit), name: partnerNameOf(edit.partnerId, visit), text: shown.text ?? JSON.stringify(edit.draft?.content ?? edit.current, null, 2), faults: shown.faults ?? [], revision: shown.revision ?? edit.draft?.revision ?? 0,
  }, status);
}

const save: Handler = async (visit) => {
  const { t, language } = visit;
  const partnerId = pathText(visit, 'partnerId');
  const words = wordsFor(language);
  const text = field(visit, 'json', CHARACTERS_MAX).replace(/\r\n?/g, '\n');
  const revision = Number(field(visit, 'revision', 8)) || 0;
  const again = (faults: readonly string[], status = 422): Promise<Reply> => show(visit, { text, revision, faults: faults.map((one) => ({ field: 'json', text: one })) }, status);
  const read = readLocated(text);
  if (!read.isRead) return again([t('admin:json.at', { line: read.place.line, column: read.place.column, path: read.pointer || '/', what: t(`admin:json.${read.fault}`) })]);
  const said = (finding: Finding): string => {
    const place = read.placeOf(finding.path ?? '');
    return t('admin:json.at', { line: place.line, column: place.column, path: finding.path || '/', what: words.finding(finding) });
  };
  const own: Finding[] = (read.value as { partnerId?: unknown } | null)?.partnerId === partnerId ? [] : [{ code: 'partner.id_changed', severity: 'block', path: '/partnerId', params: { partner: partnerId } }];
  const findings = [...withoutBranches(checkedProfile(read.value).findings), ...own];
  if (findings.length > 0) return again(findings.slice(0, FAULTS_MAX).map(said));
  try {
    await changePartnerDraft(visit.ctx, partnerId, revision, () => read.value);
  } catch (error) {
    if (!(error instanceof AppError) || !['partner.draft_changed', 'partner.draft_too_large'].includes(error.code)) throw error;
    return again([words.error(error.code, error.params)], error.kind === 'conflict' ? 409 : 422);
  }
  return redirect(`${hereOf(visit)}/review`);
};

/** The whole profile as JSON, for who prefers that; faults are told with line, column and path. */
export const partnerJsonPage: Page = { path: '/administration/partners/:partnerId/json', access: 'partners.manage', get: (visit) => show(visit), post: save };
