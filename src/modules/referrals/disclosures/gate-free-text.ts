import { findCase, textGate } from '../../cases/index.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { officeDay } from '../clocks/office-day.ts';
import { textFaults } from '../interview/free-text.rules.ts';

export interface GatedTexts {
  /** Whether somebody in the case is protected: then somebody else reads what leaves. */
  readonly isAnyoneSealed: boolean;
  /** Each with the path of its text: identity numbers, federal sources, and what says where a protected person is. */
  readonly findings: readonly Finding[];
}

/**
 * The last look at what a person wrote to a partner about a case, by the path of each text. Without a case only what no text may hold
 * is looked for. A case that is not within sight counts as one in which somebody is protected.
 */
export async function gateFreeText(ctx: Ctx, { caseId, texts }: { readonly caseId: string | null; readonly texts: Readonly<Record<string, string>> }): Promise<GatedTexts> {
  const findings: Finding[] = [];
  for (const [path, text] of Object.entries(texts)) for (const fault of textFaults(text)) findings.push({ code: `leaving.${fault}`, severity: 'block', path });
  if (caseId === null) return { isAnyoneSealed: false, findings };
  const supportCase = await findCase(ctx, caseId);
  if (!supportCase) return { isAnyoneSealed: true, findings: [...findings, { code: 'leaving.case_unseen', severity: 'block', path: Object.keys(texts)[0] ?? '/' }] };
  const gate = textGate(supportCase, officeDay(ctx));
  const telling = Object.entries(texts).filter(([, text]) => gate.tells(text));
  findings.push(...telling.map(([path]): Finding => ({ code: 'leaving.tells_whereabouts', severity: 'block', path })));
  // Told in pieces over several texts: no one of them is to blame.
  if (telling.length === 0 && gate.tells(Object.values(texts))) findings.push({ code: 'leaving.tells_together', severity: 'block', path: Object.keys(texts)[0] ?? '/' });
  return { isAnyoneSealed: gate.isAnyoneSealed, findings };
}
