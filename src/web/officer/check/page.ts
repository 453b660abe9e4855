import { checkPacket, packetCertificate } from '../../../modules/referrals/index.ts';
import { pathText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** The common name of a certificate's subject, which is what people call the signer; else all of it. */
function signerName(subject: string): string {
  return /(?:^|\n|, ?)CN=([^\n,]+)/.exec(subject)?.[1]?.trim() ?? subject.replace(/\n/g, ', ');
}

/** The result of checking a sealed packet, in words; with everything to check it again without us. */
const checkedPage: Page = {
  path: '/packets/:packetId/check',
  access: 'packets.read',
  get: async (visit: Visit) => {
    const check = await checkPacket(visit.ctx, pathText(visit, 'packetId'));
    const words = wordsFor(visit.language);
    const isOfficer = visit.ctx.actor.partner !== null;
    return view('officer/check', {
      check, back: `${isOfficer ? '/inbox/' : '/referrals/'}${check.referralId}`, signer: check.signer && { ...check.signer, name: signerName(check.signer.subject) },
      faults: check.findings.filter(({ severity }) => severity === 'block').map((finding) => ({ text: words.finding(finding), path: finding.path ?? null })),
    });
  },
};

const certificatePage: Page = {
  path: '/packets/:packetId/certificate',
  access: 'packets.read',
  get: async (visit) => ({ kind: 'download', bytes: Buffer.from(await packetCertificate(visit.ctx, pathText(visit, 'packetId')), 'utf8'), type: 'application/x-pem-file', fileName: 'puente-signer.pem', isInline: false }),
};

export const checkPages: readonly Page[] = [checkedPage, certificatePage];
