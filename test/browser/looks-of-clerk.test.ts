import { listSuspense, reconcile } from '../../src/modules/reconciliation/index.ts';
import { caseLine, importCases, importCredits, importLines, REMITTANCE } from '../support/reconciliation/scene.ts';
import { collected } from '../support/reconciliation/suspense-scene.ts';
import { lookAt } from './look.ts';

const told = { item: '', next: '' };

// Money of somebody whose name is written otherwise, with three who may be meant.
lookAt({
  reconciler: [
    { name: 'suspense-beside', path: () => told.item },
    { name: 'suspense-told', path: () => `${told.next}?done=held&of=${told.item.slice('/suspense/'.length)}` },
    { name: 'suspense-none', path: '/suspense?kind=debit&bucket=over-90' },
    { name: 'suspense-none-proposed', path: '/suspense?show=mine' },
  ],
}, async ({ ctx }) => {
  const couple = { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' };
  await importCases(ctx, [
    caseLine('2000004100001', couple), caseLine('2000004100018', { ...couple, payer: 'Raúl Ybarra Zúñiga' }), caseLine('2000004100026', { ...couple, receiver: 'Nayeli Robles de la Torre' }), caseLine('2000004100034', couple),
  ]);
  await importLines(ctx, 'relacion-marzo.csv', REMITTANCE, [
    collected({ folio: 'R-1', caseId: '200004100018', payer: 'RAUL IBARA ZUÑIGA', receiver: 'Nayely Robles Tapia' }), collected({ folio: 'R-2', usd: '900.00' }),
  ]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '1010.00', on: '2026-03-09' }, { transfer: 'STRANGE', amount: '12.00', on: '2026-03-09' }]);
  await reconcile(ctx);
  const { rows } = await listSuspense(ctx, { kind: 'line' }, () => true);
  const of = (reference: string): string => `/suspense/${rows.find((row) => row.reference === reference)?.itemKey ?? ''}`;
  Object.assign(told, { item: of('R-1'), next: of('R-2') });
});
