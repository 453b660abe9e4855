import { Readable } from 'node:stream';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { listReminders, remind } from '../../src/modules/exchange/index.ts';
import { listClients, listPartnerKeys, listUsers } from '../../src/modules/identity/index.ts';
import { getAgreement, proposeAgreement } from '../../src/modules/partners/index.ts';
import { offerList } from '../../src/modules/payments/index.ts';
import { createReferral, moveReferral } from '../../src/modules/referrals/index.ts';
import { importRegister, REMITTANCE } from '../support/reconciliation/scene.ts';
import { remittanceLine } from '../unit/payments/partner-files.ts';
import { anOrder, asPerson } from '../support/web-quality/as-person.ts';
import { answered, lookAt, refused } from './look.ts';

const TODAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date());
/** A date as the form has it, in its three fields. */
const day = (name: string, value: string): Record<string, string> => Object.fromEntries(['year', 'month', 'day'].map((part, index) => [`${name}.${part}`, value.split('-')[index] ?? '']));

const told = { user: '', reminder: '', offer: '', untold: '', order: '', ready: '', client: '', key: '' };
const LA = 'mx-consulate-los-angeles';
const MOU = 'mx-consulate-los-angeles-cooperation';
const UNTOLD = 'Ref;Asunto;Persona A;Persona B;Cant 1;Div;Factor;Desc;Cant 2;Día;Día 2;Lote;Obs';
const caseAddress = `/cases/${SAMPLE_CASES.plain.caseId}`;

/** Every form as it comes back when it was sent with nothing in it. Those with a look of their own for it are in the files of their areas. */
lookAt({
  stranger: [refused('/sign-in', '/sign-in')],
  attorney: [
    refused('/account/password', '/account'),
    refused('/referrals/:referralId/steps', (story) => `/referrals/${story.sent}/steps?move=report_incomplete`),
    refused('/cases/:caseId/reveal', caseAddress),
    refused('/cases/:caseId/refer', `${caseAddress}/refer`),
    answered('/cases/:caseId/reveal', caseAddress, { reason: 'confirm_identity' }),
    refused('/messages/:messageId/reveal', (story) => `/messages/${story.messageNumbers}`),
    answered('/messages/:messageId/reveal', (story) => `/messages/${story.messageNumbers}`, { reason: 'trace_payment' }),
    { name: 'reminder', path: () => `/reminders/${told.reminder}` },
    refused('/reminders/:reminderId', () => `/reminders/${told.reminder}`, { source: 'He moved to another city.' }),
    { name: 'texts-that-leave', path: (story) => `/referrals/${story.sealed}/texts` },
    { name: 'agreements-none', state: 'empty', path: '/agreements?partner=mx-consulate-calexico&standing=ended' },
    { name: 'texts-that-leave-none', state: 'empty', path: (story) => `/referrals/${story.sent}/texts` },
    refused('/conversations/begin', `/conversations/begin?case=${SAMPLE_CASES.protected.caseId}`),
    refused('/conversations/:conversationId/write', (story) => `/conversations/${story.conversation}/write?kind=documentRequest`),
    refused('/referrals/:referralId/seal', () => `/referrals/${told.ready}/sign`),
    refused('/referrals/:referralId/interview/:step', (story) => `/referrals/${story.blocked}/interview/obligor_means`),
    refused('/referrals/:referralId/attachments', (story) => `/referrals/${story.draft}/attachments`),
    refused('/referrals/:referralId/attachments/:attachmentId/replace', (story) => `/referrals/${story.blocked}/attachments`),
    refused('/referrals/:referralId/attachments/:attachmentId/translation', (story) => `/referrals/${story.blocked}/attachments`),
    refused('/incoming', '/incoming'),
    refused('/incoming/:incomingId/accept', (story) => `/incoming/${story.incoming}`),
    refused('/incoming/:incomingId/refuse', (story) => `/incoming/${story.incoming}`),
    refused('/parked/:messageId', (story) => `/parked/${story.parkedOne}`),
    refused('/inquiries/:inquiryId/answer', (story) => `/inquiries/${story.askedInVain}`),
    refused('/inquiries/:inquiryId/decline', (story) => `/inquiries/${story.askedInVain}`),
    refused('/applications/:applicationId/refuse', (story) => `/applications/${story.application}`),
    refused('/applications/:applicationId/more', (story) => `/applications/${story.application}`),
    refused('/applications/:applicationId/link', (story) => `/applications/${story.application}`),
  ],
  officer_la: [
    refused('/send', '/send'),
    refused('/lists/send', '/lists/send'),
    { name: 'offer', path: () => `/lists/offers/${told.offer}` },
    { name: 'offer-to-map', path: () => `/lists/offers/${told.untold}` },
    refused('/lists/offers/:offerId/columns', () => `/lists/offers/${told.untold}`),
    answered('/apply/new', '/apply/new', {
      county: '06037', applicantRole: 'obligee', services: 'establish_order', applicant_given: 'María de los Ángeles', applicant_family: 'Quintero', applicant_secondFamily: 'Olvera', ...day('applicant_birthDate', '1991-03-04'),
      otherParent_given: 'José Ángel', otherParent_family: 'Peña', children_0_given: 'Nora', children_0_family: 'Peña', ...day('children_0_birthDate', '2019-08-09'), consent_givenBy: 'María de los Ángeles Quintero', ...day('consent_on', '2026-01-05'), consent_form: 'signed', agrees: '1', step: 'check',
    }),
    { name: 'apply-draft', path: (story) => `/apply/new?draft=${story.applicationDraft}&done=saved` },
    { name: 'apply-draft-discard', path: (story) => `/apply/drafts/${story.applicationDraft}/discard` },
    answered('/ask', '/ask', {
      case_number: '2600000000001', person_given: 'Rosa María', person_family: 'León', ...day('person_birthDate', '1983-02-18'), asker_name: 'Rosa María León', asker_relation: 'obligee', asker_documentShown: 'passport', questions: 'status',
      agrees: '1', consent_givenBy: 'Rosa María León', ...day('consent_on', TODAY), consent_language: 'es-MX', consent_form: 'signed', consent_questions: 'status', step: 'check',
    }),
    refused('/ask', '/ask'),
    refused('/asked/:inquiryId/consent', (story) => `/asked/${story.asked}`),
    refused('/apply/new', '/apply/new', { step: 'check' }),
    refused('/apply/:applicationId/papers', (story) => `/apply/${story.application}`),
    refused('/inbox/:referralId/tell', (story) => `/inbox/${story.sent}/tell?move=accept`, { number: '<' }),
    refused('/tour/:step', '/tour/packet'),
  ],
  reconciler: [
    refused('/caseload', '/caseload'),
    refused('/mappings/:fileId', (story) => story.waitingList),
    refused('/suspense/:itemKey', (story) => story.suspenseItem, { 'until.day': '31', 'until.month': '2', 'until.year': '2027' }),
    refused('/confirmations/:disbursementId', '/confirmations/D2601000000'),
    { name: 'order', path: () => `/orders/${told.order}` },
    { name: 'runs-none', state: 'empty', path: '/runs?page=900' },
    { name: 'pickup-none', state: 'empty', path: '/pickup?page=900' },
    { name: 'postings-refused-none', state: 'empty', path: '/postings/refused?page=900' },
    refused('/orders', '/orders?partner=mx-consulate-los-angeles', { 'on.day': '1', 'on.month': '1', 'on.year': '2001' }),
    refused('/holds', '/holds'),
  ],
  supervisor: [
    { name: 'order-to-release', path: () => `/orders/${told.order}` },
    { name: 'who-saw-nobody', state: 'empty', path: `/who-saw?case=${SAMPLE_CASES.imperial.caseId}` },
    refused('/agreements/:agreementId/end', '/agreements/mx-dif-baja-california-2014'),
    refused('/agreements/:agreementId/versions', '/agreements/kr-kcsa-informal?new=1'),
    { name: 'agreement-proposed', path: `/agreements/${MOU}?recorded=2&done=proposed` },
  ],
  administrator: [
    { name: 'agreement-to-approve', path: `/agreements/${MOU}` },
    // Somebody else answered meanwhile, or it is another one by now.
    answered('/agreements/:agreementId/approve', `/agreements/${MOU}`, { digest: 'another' }),
    refused('/users/new', '/users/new'),
    refused('/users/:userId/change', () => `/users/${told.user}`),
    { name: 'client-to-revoke', path: () => `/clients/revoke?client_id=${told.client}` },
    { name: 'key-to-revoke', path: () => `/clients/keys/revoke?key_id=${told.key}` },
    refused('/clients/new', '/clients'),
    refused('/clients/keys/new', '/clients'),
    refused('/administration/glossary-import', '/administration/glossary-import'),
  ],
  imperial: [{ name: 'inquiries-of-none', state: 'empty', path: '/inquiries' }, { name: 'applications-of-none', state: 'empty', path: '/applications' }],
  officer_kr: [
    { name: 'lists-of-none', state: 'empty', path: '/lists' }, { name: 'asked-none', state: 'empty', path: '/asked' }, { name: 'applied-none', state: 'empty', path: '/apply' },
  ],
}, async (site) => {
  const { ctx, story } = site;
  const users = await listUsers(ctx);
  told.user = users.find(({ userName }) => userName === 'attorney')?.userId ?? '';
  await moveReferral(ctx, story.sent, 'learn');
  await remind(ctx);
  told.reminder = (await listReminders(ctx)).rows.find(({ referralId }) => referralId === story.sent)?.reminderId ?? '';
  const officer = await asPerson(ctx, 'officer_la');
  const lines = [remittanceLine(), remittanceLine({ folio: 'LA-2', importe_origen: 'mucho' })];
  told.offer = (await offerList(officer, { fileName: 'relación de febrero.csv', source: Readable.from([Buffer.from(`${[REMITTANCE, ...lines].join('\n')}\n`)]) })).offerId;
  told.untold = (await offerList(officer, { fileName: 'rara.csv', source: Readable.from([Buffer.from(`${UNTOLD}x\n${remittanceLine({}, ';')}\n`)]) })).offerId;
  told.order = await anOrder(ctx, 2);
  // The next order has something to pay, too.
  await importRegister(ctx, [`DSBLA260900009,BT10,2000000000009,${LA},ROSA MEZA,1.00,USD,2026-10-01,consulate`]);
  told.ready = (await createReferral(ctx, { caseId: SAMPLE_CASES.imperial.caseId, partnerId: LA, services: ['locate'] })).referralId;
  const { record } = await getAgreement(ctx, MOU);
  await proposeAgreement(await asPerson(ctx, 'supervisor'), { ...record, version: 2, counties: { ...record.counties, value: ['06025', '06037'] } });
  told.client = (await listClients(ctx)).find(({ revokedAt }) => revokedAt === null)?.clientId ?? '';
  told.key = (await listPartnerKeys(ctx)).find(({ revokedAt }) => revokedAt === null)?.keyId ?? '';
});
