import { differences, getPartnerEdit, getProfileVersion, returnToVersion } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { changeLines } from '../change-lines.ts';
import { peopleNames } from '../people.ts';

/** No partner has so many versions; the column holds it. */
const NO_VERSION = 1_000_000;
const versionOf = (visit: Visit): number => {
  const text = pathText(visit, 'version');
  return /^\d{1,6}$/.test(text) ? Number(text) : NO_VERSION;
};
const hereOf = (visit: Visit): string => `/administration/partners/${encodeURIComponent(pathText(visit, 'partnerId'))}`;

/** An earlier version beside what is in force, and the way back to it. */
export const partnerVersionPage: Page = {
  path: '/administration/partners/:partnerId/versions/:version',
  access: 'partners.review',
  get: async (visit) => {
    const version = versionOf(visit);
    const edit = await getPartnerEdit(visit.ctx, pathText(visit, 'partnerId'));
    const content = await getProfileVersion(visit.ctx, edit.partnerId, version);
    const saved = edit.versions.find((one) => one.version === version);
    const nameOf = await peopleNames(visit, [saved?.savedBy ?? null]);
    return view('administrator/partner-version', {
      here: hereOf(visit), name: partnerNameOf(edit.partnerId, visit), version, changes: changeLines(differences(edit.current ?? {}, content), visit), json: JSON.stringify(content, null, 2),
      saved: saved ? visit.t('admin:version.saved', { when: visit.format.moment(saved.savedAt), who: nameOf(saved.savedBy) }) : null, reason: saved?.reason ?? '',
      revision: edit.draft?.revision ?? 0, hasDraft: edit.draft !== null, mayReturn: isAllowed(visit.ctx, 'partners.manage') && edit.version !== version,
    });
  },
  post: async (visit) => {
    try {
      await returnToVersion(visit.ctx, pathText(visit, 'partnerId'), versionOf(visit), Number(field(visit, 'revision', 8)) || 0);
    } catch (error) {
      if (error instanceof AppError && error.code === 'partner.draft_changed') return redirect(`${hereOf(visit)}/review`);
      throw error;
    }
    return redirect(`${hereOf(visit)}/review`);
  },
};
