import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { PacketNarrative } from '../packets/packet-model.rules.ts';
import { selectApprovals } from './sentence.store.ts';
import type { ApprovalRow } from './sentence.store.ts';
import { approvalAad, sourceDigest } from './text-content.ts';
import { otherLanguage, sourceCode, sourceKey, sourcePath } from './text.rules.ts';
import type { ApprovedBody, LanguagePair, NarrativeSource } from './text.rules.ts';
import { selectTexts } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

export interface NarrativesForPacket {
  readonly narratives: readonly PacketNarrative[];
  readonly findings: readonly Finding[];
}

/**
 * The gate: each text with its approved translation, and a blocking finding for each that has none, or one of another wording.
 * Reads only; giving the texts to the translators is `registerTexts`.
 */
export async function narrativesForPacket(ctx: TxCtx, referral: { readonly referralId: string }, sources: readonly NarrativeSource[], pair: LanguagePair): Promise<NarrativesForPacket> {
  const given = sources.filter((source) => source.text.trim() !== '');
  if (given.length === 0) return { narratives: [], findings: [] };
  const texts = await selectTexts(ctx, referral.referralId);
  const approvals = new Map((await selectApprovals(ctx, referral.referralId)).map((row) => [row.textId, row]));
  const narratives: PacketNarrative[] = [];
  const findings: Finding[] = [];
  for (const source of given) {
    const targetLanguage = otherLanguage(source.language, pair);
    const row = texts.find((one) => one.targetLanguage === targetLanguage && sourceKey({ id: one.sourceId, participantId: one.participantId }) === sourceKey(source));
    const approval = row ? approvals.get(row.textId) : undefined;
    const code = targetLanguage === null ? 'translation.language_unknown' : faultOf(ctx, source, row, approval);
    if (code !== null) findings.push({ code, severity: 'block', path: sourcePath(source), params: { text: sourceCode(source.id) } });
    else if (row && approval) narratives.push(narrativeOf(ctx, source, approval));
  }
  return { narratives, findings };
}

function faultOf(ctx: TxCtx, source: NarrativeSource, row: TextRow | undefined, approval: ApprovalRow | undefined): string | null {
  if (!row || !approval) return row?.state === 'translated' ? 'translation.not_approved' : 'translation.missing';
  if (!approval.sourceDigest.equals(sourceDigest(ctx.keys, source.text, source.language))) return 'translation.stale';
  return row.state === 'approved' ? null : row.state === 'translated' ? 'translation.not_approved' : 'translation.missing';
}

function narrativeOf(ctx: TxCtx, source: NarrativeSource, approval: ApprovalRow): PacketNarrative {
  const body = JSON.parse(ctx.keys.decrypt(approval.bodyEncrypted, approvalAad(ctx.actor.agency, approval.textId, approval.position)).toString('utf8')) as ApprovedBody;
  return {
    id: source.id, participantId: source.participantId, sourceLanguage: body.sourceLanguage, targetLanguage: body.targetLanguage, segments: body.segments,
    translator: { name: approval.translatorName, qualification: approval.qualification, on: approval.translatedOn },
  };
}
