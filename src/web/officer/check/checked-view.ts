import type { PacketCheck } from '../../../modules/referrals/index.ts';
import { view } from '../../visit.ts';
import type { View, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

export interface Checked {
  readonly check: Pick<PacketCheck, 'fileName' | 'isIntact' | 'sha256' | 'entries' | 'findings' | 'signer'>;
  readonly back: string;
  /** Of what it is the check, where it is no packet's: words of the title and of the way back. */
  readonly named?: { readonly title: string; readonly back: string };
  /** Where the signed file is saved, and the certificate that it is checked with. */
  readonly container: string | null;
  readonly certificate: string;
}

/** The common name of a certificate's subject, which is what people call the signer; else all of it. */
function signerName(subject: string): string {
  return /(?:^|\n|, ?)CN=([^\n,]+)/.exec(subject)?.[1]?.trim() ?? subject.replace(/\n/g, ', ');
}

/** The result of checking a signed file, in words; with everything to check it again without us. */
export function checkedView(visit: Visit, { check, ...links }: Checked): View {
  const words = wordsFor(visit.language);
  return view('officer/check', {
    ...links, named: links.named ?? null, check, signer: check.signer && { ...check.signer, name: signerName(check.signer.subject) }, first: check.entries.find(({ name }) => name !== 'mimetype' && !name.startsWith('META-INF/'))?.name ?? '',
    faults: check.findings.filter(({ severity }) => severity === 'block').map((finding) => ({ text: words.finding(finding), path: finding.path ?? null })),
  });
}
