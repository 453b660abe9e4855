import { listApplicationDrafts, printedApplied } from '../../modules/exchange/index.ts';
import type { ApplicationDraft } from '../../modules/exchange/index.ts';
import { isAllowed } from '../../platform/authorise.ts';
import type { Visit } from '../visit.ts';

/** A draft as lists name it. */
export interface DraftLine extends Omit<ApplicationDraft, 'content'> {
  /** For whom it is; null where no name has been typed yet. */
  readonly applicant: string | null;
  readonly partnerFileNumber: string | null;
  readonly isSupply: boolean;
}

export function draftLine({ content: { values }, ...draft }: ApplicationDraft): DraftLine {
  const part = (name: string): string => values[`applicant_${name}`] ?? '';
  const applicant = printedApplied({ given: part('given'), family: part('family'), secondFamily: part('secondFamily'), native: part('native') });
  return { ...draft, applicant: applicant === '' ? null : applicant, partnerFileNumber: values['partnerFileNumber'] || null, isSupply: (values['supplies'] ?? '') !== '' };
}

/** What the office has begun and not filed, for the list of applications and the inbox. */
export async function draftLines({ ctx }: Visit): Promise<readonly DraftLine[]> {
  return isAllowed(ctx, 'applications.file') ? (await listApplicationDrafts(ctx)).map(draftLine) : [];
}
