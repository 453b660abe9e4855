import { isDeepStrictEqual } from 'node:util';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { isSecondPerson } from '../../identity/index.ts';
import { checkedProfile, relayFindings } from '../load-partners.ts';
import type { PartnerProfile } from '../partner-profile.rules.ts';
import { findPartner, listPartners, partnerOfFiles } from '../partner-registry.ts';
import { refreshKits } from './effective-kits.ts';
import { deleteDraft, insertVersion, lockKit, newestVersion, putDraft, selectDraft, selectDrafts, selectVersion, selectVersionsOf } from './kit.store.ts';
import type { KitDraft, KitVersion } from './kit.store.ts';
import { consequencesOf, differences, DIFFERENCES_SHOWN_MAX } from './profile-changes.ts';
import type { Consequences, Difference } from './profile-changes.ts';

const KIND = 'partner';
const VERSIONS_SHOWN = 200;
const DRAFT_CHARACTERS_MAX = 400_000;
const REASON_CHARACTERS_MAX = 500;
const PARTNER_ID = /^[a-z]{2}-[a-z0-9-]{2,40}$/;

export interface ProfileVersion {
  readonly version: number;
  /** The file's own profile counts again from here on. */
  readonly isFile: boolean;
  readonly reason: string;
  readonly preparedBy: readonly string[];
  readonly savedAt: Date;
  readonly savedBy: string;
}

export interface PartnerEdit {
  readonly partnerId: string;
  /** What is in force; null for a partner that is only a draft. */
  readonly current: PartnerProfile | null;
  /** 0: the file's. */
  readonly version: number;
  readonly hasFile: boolean;
  readonly draft: KitDraft | null;
  /** The newest first. */
  readonly versions: readonly ProfileVersion[];
}

/** A partner's profile with its draft and its history. @throws AppError `partner.unknown`. */
export async function getPartnerEdit(ctx: Ctx, partnerId: string): Promise<PartnerEdit> {
  authorise(ctx, 'partners.review');
  return inTransaction(ctx, async (tx) => {
    const [draft, versions] = [await selectDraft(tx, partnerId), await selectVersionsOf(tx, KIND, partnerId, VERSIONS_SHOWN)];
    const current = findPartner(partnerId);
    if (current === null && draft === null) throw unknown(partnerId);
    return { partnerId, current, version: versions[0]?.version ?? 0, hasFile: partnerOfFiles(partnerId) !== null, draft, versions: versions.map((one) => versionOf(tx, one)) };
  });
}

function versionOf(ctx: Ctx, { key, version, content, reason, preparedBy, savedAt, savedBy }: KitVersion): ProfileVersion {
  return { version, isFile: content === null, reason: reason === null ? '' : ctx.keys.decrypt(reason, reasonAad(ctx, key, version)).toString('utf8'), preparedBy, savedAt, savedBy };
}

const reasonAad = (ctx: Ctx, key: string, version: number): string => `kit_versions:${ctx.actor.agency}:${KIND}:${key}:${version}`;

/** All drafts, with who prepared them. */
export async function listPartnerDrafts(ctx: Ctx): Promise<KitDraft[]> {
  authorise(ctx, 'partners.review');
  return inTransaction(ctx, selectDrafts);
}

/** A version as it was saved; 0 is the file's. @throws AppError `partner.version_unknown`. */
export async function getProfileVersion(ctx: Ctx, partnerId: string, version: number): Promise<unknown> {
  authorise(ctx, 'partners.review');
  const ofFile = version === 0 ? partnerOfFiles(partnerId) : null;
  if (ofFile !== null) return ofFile;
  const found = version > 0 ? await inTransaction(ctx, (tx) => selectVersion(tx, KIND, partnerId, version)) : null;
  if (!found) throw new AppError('not_found', 'partner.version_unknown', { params: { partner: partnerId.slice(0, 60), version } });
  return found.content ?? partnerOfFiles(partnerId);
}

/**
 * Begins a partner that is not there yet, as a copy of another of which nothing is taken for confirmed.
 * @throws AppError `partner.id_form`, `partner.id_taken`, `partner.unknown`.
 */
export async function startPartner(ctx: Ctx, { partnerId, like }: { readonly partnerId: string; readonly like: string }): Promise<void> {
  authorise(ctx, 'partners.manage');
  if (!PARTNER_ID.test(partnerId)) throw new AppError('invalid', 'partner.id_form');
  const model = findPartner(like);
  if (!model) throw unknown(like);
  await inTransaction(ctx, async (tx) => {
    await lockKit(tx, KIND, partnerId);
    if (findPartner(partnerId) !== null || (await selectDraft(tx, partnerId)) !== null) throw new AppError('conflict', 'partner.id_taken', { params: { partner: partnerId } });
    await keepDraft(tx, partnerId, null, { ...(unconfirmed(model) as PartnerProfile), partnerId });
  });
}

function unconfirmed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unconfirmed);
  if (typeof (value as { confirmed?: unknown }).confirmed === 'boolean') return { value: (value as { value: unknown }).value, confirmed: false, sources: ['entered'] };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unconfirmed(member)]));
}

/**
 * Keeps what a profile is to be. It may still have faults; it counts for nothing until it is put into force.
 * @param change what the draft (or what is in force) becomes. `revision`: what the form was made from; 0 where there was no draft.
 * @throws AppError `partner.draft_changed`: somebody else changed it meanwhile; `partner.draft_too_large`.
 */
export async function changePartnerDraft(ctx: Ctx, partnerId: string, revision: number, change: (before: unknown) => unknown): Promise<void> {
  authorise(ctx, 'partners.manage');
  await inTransaction(ctx, async (tx) => {
    await lockKit(tx, KIND, partnerId);
    const [draft, current] = [await selectDraft(tx, partnerId), findPartner(partnerId)];
    if (!draft && !current) throw unknown(partnerId);
    const before = draft?.content ?? current;
    const after = change(before);
    if (isDeepStrictEqual(after, before)) return;
    if ((draft?.revision ?? 0) !== revision) throw new AppError('conflict', 'partner.draft_changed', { params: { partner: partnerId } });
    await keepDraft(tx, partnerId, draft, after);
  });
}

async function keepDraft(ctx: TxCtx, partnerId: string, draft: KitDraft | null, content: unknown): Promise<void> {
  if (JSON.stringify(content).length > DRAFT_CHARACTERS_MAX) throw new AppError('invalid', 'partner.draft_too_large', { params: { charactersMax: DRAFT_CHARACTERS_MAX } });
  await putDraft(ctx, {
    key: partnerId, basedOn: draft?.basedOn ?? await newestVersion(ctx, KIND, partnerId), revision: (draft?.revision ?? 0) + 1, content,
    preparedBy: [...new Set([...(draft?.preparedBy ?? []), ctx.actor.id])],
  });
  await recordAudit(ctx, { action: 'partner.draft_changed', subject: { type: 'partner', id: partnerId }, details: { revision: (draft?.revision ?? 0) + 1 } });
}

/** Makes an earlier version what the draft says, to be looked at and put into force like any other. */
export async function returnToVersion(ctx: Ctx, partnerId: string, version: number, revision: number): Promise<void> {
  const content = await getProfileVersion(ctx, partnerId, version);
  await changePartnerDraft(ctx, partnerId, revision, () => content);
}

/** Throws a draft away. */
export async function dropPartnerDraft(ctx: Ctx, partnerId: string): Promise<void> {
  authorise(ctx, 'partners.manage');
  await inTransaction(ctx, async (tx) => {
    await lockKit(tx, KIND, partnerId);
    if (await deleteDraft(tx, partnerId)) await recordAudit(tx, { action: 'partner.draft_dropped', subject: { type: 'partner', id: partnerId }, details: {} });
  });
}

export interface DraftReview extends PartnerEdit {
  /** At most `DIFFERENCES_SHOWN_MAX`; where there are more, that is one of the findings. */
  readonly changes: readonly Difference[];
  /** What schema and rules of a profile say; those that block must be mended first. */
  readonly findings: readonly Finding[];
  readonly profile: PartnerProfile | null;
  readonly consequences: Consequences;
  /** Another version was put into force since the draft was begun. */
  readonly isOutdated: boolean;
  readonly mayPublish: boolean;
}

/** What would change, what is wrong, and what it brings about. @throws AppError `partner.no_draft`. */
export async function reviewDraft(ctx: Ctx, partnerId: string): Promise<DraftReview> {
  const edit = await getPartnerEdit(ctx, partnerId);
  if (!edit.draft) throw noDraft(partnerId);
  const { profile, findings } = checkedDraft(partnerId, edit.draft.content);
  const changes = differences(edit.current ?? {}, edit.draft.content);
  const consequences = consequencesOf(edit.current, edit.draft.content);
  // Nobody has looked at what is not shown.
  const unseen: Finding[] = changes.length > DIFFERENCES_SHOWN_MAX ? [{ code: 'partner.too_many_changes', severity: 'block', params: { changes: changes.length, changesMax: DIFFERENCES_SHOWN_MAX } }] : [];
  return {
    ...edit, changes: changes.slice(0, DIFFERENCES_SHOWN_MAX), findings: [...unseen, ...findings], profile: unseen.length > 0 ? null : profile, consequences,
    isOutdated: edit.draft.basedOn !== edit.version, mayPublish: mayPublish(ctx, edit.draft, consequences),
  };
}

function checkedDraft(partnerId: string, content: unknown): { readonly profile: PartnerProfile | null; readonly findings: readonly Finding[] } {
  const { profile, findings } = checkedProfile(content);
  if (profile === null) return { profile, findings };
  const more: Finding[] = profile.partnerId === partnerId ? [] : [{ code: 'partner.id_changed', severity: 'block', path: '/partnerId', params: { partner: partnerId } }];
  if (profile.validUntil !== undefined && profile.validUntil < profile.validFrom) more.push({ code: 'partner.ends_before_it_begins', severity: 'block', path: '/validUntil', params: { from: profile.validFrom, until: profile.validUntil } });
  const all = new Map(listPartners().map((one) => [one.partnerId, one]));
  const before = new Set(relayFindings(all).map(({ path }) => path));
  more.push(...relayFindings(new Map([...all, [partnerId, profile]])).filter(({ path }) => !before.has(path)).map((one) => ({ ...one, path: (one.path ?? '').replace(/^[^#]*#/, '') })));
  return { profile: more.length > 0 ? null : profile, findings: more };
}

/** Where data or money may go somewhere new, whoever prepared it does not put it into force. */
function mayPublish(ctx: Ctx, draft: KitDraft, { needsSecondPerson }: Consequences): boolean {
  return needsSecondPerson ? isAllowed(ctx, 'partners.approve') && !draft.preparedBy.includes(ctx.actor.id) : isAllowed(ctx, 'partners.manage');
}

export interface Publication {
  readonly partnerId: string;
  readonly revision: number;
  readonly reason: string;
  /** Whether who does it has read what it brings about. */
  readonly isAware: boolean;
  /** What is to be right besides (`referrals.checkProfile`). */
  readonly check: (profile: PartnerProfile) => readonly Finding[];
}

/**
 * Puts a draft into force, in all processes. It becomes the newest version; those before it stay on record.
 * @throws AppError `partner.draft_invalid` with every fault; `partner.reason_missing`, `partner.not_aware`, `partner.second_person`, `partner.draft_changed`, `partner.draft_outdated`, `partner.nothing_changed`.
 */
export async function publishPartner(ctx: Ctx, { partnerId, revision, reason, isAware, check }: Publication): Promise<number> {
  authorise(ctx, 'partners.review');
  const version = await inTransaction(ctx, async (tx) => {
    await lockKit(tx, KIND, partnerId);
    const review = await reviewDraft(tx, partnerId);
    const { draft, profile, consequences, changes } = review;
    if (draft?.revision !== revision) throw new AppError('conflict', 'partner.draft_changed', { params: { partner: partnerId } });
    if (review.isOutdated) throw new AppError('conflict', 'partner.draft_outdated', { params: { partner: partnerId } });
    const faults = profile === null ? review.findings : check(profile).filter(({ severity }) => severity === 'block');
    if (profile === null || faults.length > 0) throw new AppError('invalid', 'partner.draft_invalid', { findings: faults });
    if (changes.length === 0) throw new AppError('invalid', 'partner.nothing_changed');
    if (reason.trim() === '' || reason.length > REASON_CHARACTERS_MAX) throw new AppError('invalid', 'partner.reason_missing', { params: { charactersMax: REASON_CHARACTERS_MAX } });
    if (consequences.codes.length > 0 && !isAware) throw new AppError('invalid', 'partner.not_aware');
    const isSecond = !consequences.needsSecondPerson || (await Promise.all(draft.preparedBy.map((one) => isSecondPerson(tx, one)))).every(Boolean);
    if (!review.mayPublish || !isSecond) throw new AppError('forbidden', consequences.needsSecondPerson ? 'partner.second_person' : 'access.forbidden', { params: { permission: 'partners.manage' } });
    const next = review.version + 1;
    const isFile = isDeepStrictEqual(JSON.parse(JSON.stringify(partnerOfFiles(partnerId))), draft.content);
    await insertVersion(tx, { kind: KIND, key: partnerId, version: next, content: isFile ? null : draft.content, preparedBy: draft.preparedBy, reason: tx.keys.encrypt(reason.trim(), reasonAad(tx, partnerId, next)) });
    await deleteDraft(tx, partnerId);
    await recordAudit(tx, { action: 'partner.changed', subject: { type: 'partner', id: partnerId }, details: { version: next, changes: changes.length, consequences: consequences.codes.join(' '), file: isFile } });
    await emit(tx, 'partner.changed', { partnerId, version: next });
    return next;
  });
  if (!ctx.tx) await refreshKits(ctx);
  return version;
}

const unknown = (partnerId: string): AppError => new AppError('not_found', 'partner.unknown', { params: { partner: partnerId.slice(0, 60) } });
const noDraft = (partnerId: string): AppError => new AppError('not_found', 'partner.no_draft', { params: { partner: partnerId.slice(0, 60) } });
