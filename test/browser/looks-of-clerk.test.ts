import { listSuspense, reconcile } from '../../src/modules/reconciliation/index.ts';
import { caseLine, importCases, importCredits, importLines, REMITTANCE } from '../support/reconciliation/scene.ts';
import { collected } from '../support/reconciliation/suspense-scene.ts';
import { importRates } from '../../src/modules/payments/index.ts';
import { createReferral, getText, listTexts, saveInterview, saveSentences } from '../../src/modules/referrals/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { asPerson } from '../support/web-quality/as-person.ts';
import { lookAt, refused } from './look.ts';

const told = { item: '', next: '', credit: '', many: '', toSign: '' };

// Money of somebody whose name is written otherwise, with three who may be meant.
lookAt({
  reconciler: [
    { name: 'suspense-beside', path: () => told.item },
    { name: 'suspense-credits', path: '/suspense?kind=credit' },
    { name: 'suspense-credit', path: () => told.credit },
    { name: 'suspense-many', page: '/suspense/many', path: () => told.many },
    refused('/suspense/many', () => told.many, { decision: '' }),
    { name: 'suspense-told', path: () => `${told.next}?done=held&of=${told.item.slice('/suspense/'.length).replace(/\?.*/, '')}` },
    { name: 'suspense-none', state: 'empty', path: '/suspense?kind=debit&bucket=over-90' },
    { name: 'suspense-none-proposed', state: 'empty', path: '/suspense?show=mine' },
    { name: 'suspense-wrong', path: '/suspense/line-nothing', status: 404 },
    { name: 'holds-released-none', state: 'empty', path: '/holds?show=released' },
    { name: 'confirmations-none', state: 'empty', path: '/confirmations?partner=kr-kcsa' },
    { name: 'runs-sorted', path: '/runs?sort=state' },
    { name: 'outgoing-none', state: 'empty', path: '/outgoing?state=recovered' },
    { name: 'orders-none', state: 'empty', path: '/orders' },
    { name: 'caseload-none', state: 'empty', path: '/caseload?partner=kr-kcsa' },
  ],
  translator: [
    { name: 'texts', path: '/translations' },
    { name: 'texts-mine', state: 'empty', path: '/translations?hands=mine&nothing=1' },
    { name: 'text', path: (story) => story.text },
    { name: 'text-wrong', path: '/translations/ref_x/txt_x', status: 404 },
    { name: 'text-to-sign', path: () => told.toSign },
    refused('/translations/:referralId/:textId/declare', () => told.toSign),
  ],
}, async ({ ctx }) => {
  const couple = { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' };
  const asking = (amount: string, currency: string) => ({ orders: [{ orderId: 'o1', tribunal: 'Superior Court of California', docketNumber: 'BY1', jurisdiction: 'US-CA', issuedOn: '2021-03-15', parentageEstablished: true, obligations: [{ obligationId: 'b1', kind: 'child_support', amount, currency, frequency: 'monthly', startsOn: '2021-04-01', dependents: ['P3'] }] }] });
  await importCases(ctx, [
    caseLine('2000004100001', couple, asking('128.00', 'USD')), caseLine('2000004100018', { ...couple, payer: 'Raúl Ybarra Zúñiga' }, asking('2200.00', 'MXN')),
    caseLine('2000004100026', { ...couple, receiver: 'Nayeli Robles de la Torre' }, asking('150000', 'KRW')), caseLine('2000004100034', couple),
  ]);
  await importRates(ctx, { fileName: 'rates.csv', source: Buffer.from('source,base,quote,quoted_on,rate\nbok_base_rate,USD,KRW,2026-03-04,1385.2\n') });
  await importLines(ctx, 'relacion-marzo.csv', REMITTANCE, [
    collected({ folio: 'R-1', caseId: '200004100018', payer: 'RAUL IBARA ZUÑIGA', receiver: 'Nayely Robles Tapia' }), collected({ folio: 'R-2', usd: '900.00' }),
  ]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '992.00', on: '2026-03-09' }, { transfer: 'STRANGE', amount: '12.00', on: '2026-03-09' }, { transfer: 'STRANGE', amount: '12.00', on: '2026-03-10' }]);
  await reconcile(ctx);
  const { rows } = await listSuspense(ctx, { kind: 'line' }, () => true);
  const of = (reference: string): string => `/suspense/${rows.find((row) => row.reference === reference)?.itemKey ?? ''}`;
  const [credit] = (await listSuspense(ctx, { kind: 'credit' }, () => true)).rows;
  Object.assign(told, { credit: `/suspense/${credit?.itemKey ?? ''}`, many: `/suspense/many?item=${credit?.itemKey ?? ''}&item=${of('R-2').slice('/suspense/'.length)}`, item: `${of('R-1')}?search=Ibarra`, next: of('R-2'), toSign: await aWholeText(ctx) });
});

/** A text of which the translator has translated all, and signs next. */
async function aWholeText(ctx: Ctx): Promise<string> {
  const { referralId } = await createReferral(ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['status'] });
  await saveInterview(ctx, referralId, { language: 'en', answers: { sections: { statement: { text: 'He left the home. The support order is registered.' } } } });
  const [text] = await listTexts(ctx, referralId);
  const translator = await asPerson(ctx, 'translator');
  const { items } = await getText(translator, referralId, text?.textId ?? '');
  await saveSentences(translator, referralId, text?.textId ?? '', items.map(({ key, revision }, i) => ({ key, revision, target: ['Dejó el hogar.', 'La resolución está registrada.'][i] ?? '' })));
  return `/translations/${referralId}/${text?.textId ?? ''}`;
}
