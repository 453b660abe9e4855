import { answerOne } from '../../src/jobs/answer-inquiry.ts';
import { addApplicationPaper, askAboutCase, askForMore, currentConsentText, draftAnswer, fileApplication, saveApplicationDraft } from '../../src/modules/exchange/index.ts';
import type { InquiryRequest } from '../../src/modules/exchange/index.ts';
import { officeDay } from '../../src/modules/referrals/index.ts';
import { withActor } from '../../src/platform/context.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { newId } from '../../src/platform/ids.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { aPaper } from '../support/referrals/paper-files.ts';

const PARTNER = 'mx-consulate-los-angeles';

/** What a consulate asks for people at its counter, and an application that it took there. */
export async function tellCounter(ctx: Ctx): Promise<{ asked: string; askedInVain: string; application: string; applicationDraft: string }> {
  const today = officeDay(ctx);
  const name = 'José Ángel Peña Muñoz';
  const request: InquiryRequest = {
    partnerId: PARTNER, caseNumber: SAMPLE_CASES.plain.caseId, person: { given: 'José Ángel', family: 'Peña', secondFamily: 'Muñoz', birthDate: '1988-12-24' }, asker: { name, relation: 'obligor', documentShown: 'consular_id' },
    questions: ['status', 'last_payment', 'next_step', 'balance'],
    consent: { givenBy: name, on: today, language: 'es-MX', form: 'signed', textVersion: currentConsentText().version, questions: ['status', 'last_payment', 'next_step', 'balance'] },
  };
  const ask = async (changes: Partial<InquiryRequest>): Promise<string> => {
    const { inquiryId } = await askAboutCase(ctx, { ...request, ...changes });
    await answerOne(ctx, inquiryId);
    return inquiryId;
  };
  const [asked, askedInVain] = [await ask({}), await ask({ caseNumber: SAMPLE_CASES.protected.caseId })];
  await draftAnswer(ctx, askedInVain, { about: { caseId: SAMPLE_CASES.protected.caseId, county: '06037' }, texts: { en: 'Please write to us.', 'es-MX': 'Escríbanos, por favor.' } }).catch(() => undefined);
  const { applicationId } = await fileApplication(ctx, {
    partnerId: PARTNER, county: '06037', partnerFileNumber: 'CLA-SOL-9/26', services: ['establish_parentage', 'establish_order'], applicantRole: 'obligee', hasOrder: false,
    applicant: { given: 'María de los Ángeles', family: 'Quintero', secondFamily: 'Olvera', birthDate: '1991-03-04', address: 'Calle 5 núm. 10, 22000 Tijuana, México' },
    otherParent: { given: 'José Ángel', family: 'Peña', secondFamily: 'Muñoz' }, children: [{ given: 'Nora', family: 'Peña', secondFamily: 'Quintero', birthDate: '2019-08-09' }],
    consent: { givenBy: 'María de los Ángeles Quintero Olvera', on: today, form: 'signed' }, note: 'Se anexa el acta.',
  });
  await addApplicationPaper(ctx, applicationId, { kind: 'birth_certificate', fileName: 'acta de nacimiento de Nora Peña Quintero (copia certificada).pdf', source: await aPaper('Acta') });
  await askForMore(ctx, applicationId, ['paying_address', 'identity_document']);
  const officer = withActor(ctx, { ...ctx.actor, kind: 'user', id: 'usr_oscar', name: 'Óscar de la Fuente y Villavicencio', roles: ['partner_officer'], partner: PARTNER });
  const applicationDraft = newId('apd', ctx.clock.now().getTime());
  for (const revision of [0, 1]) {
    await saveApplicationDraft(officer, { draftId: applicationDraft, revision, content: { services: ['establish_order'], values: { county: '06037', partnerFileNumber: 'CLA-SOL-10/26', applicant_given: 'Guadalupe del Rosario', applicant_family: 'Zambrano', applicant_secondFamily: 'Echeverría', note: String(revision) } } });
  }
  return { asked, askedInVain, application: applicationId, applicationDraft };
}
