import { annotatedList, importPayments, listMappings, listReceivedFiles } from '../../src/modules/payments/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { AppError } from '../../src/platform/errors.ts';
import { remittanceLine } from '../unit/payments/partner-files.ts';

const PARTNER = 'mx-consulate-los-angeles';
const UNTOLD = 'Ref;Asunto;Persona A;Persona B;Cant 1;Div;Factor;Desc;Cant 2;Día;Día 2;Lote;Obs';

/** A list that waits for somebody to say what is in its columns, and one that went back to its sender. */
export async function tellLists(ctx: Ctx): Promise<{ waitingList: string }> {
  const [reported] = (await listReceivedFiles(ctx, { partnerId: PARTNER, kind: 'forwarding' })).files;
  await annotatedList(ctx, reported?.fileId ?? '');
  await importPayments(ctx, { partnerId: PARTNER, fileName: 'relación de enero.csv', source: Buffer.from(`${UNTOLD}\n${remittanceLine({ concepto: 'Depósito, enero' }, ';')}\n`) }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'payments.columns_untold') throw error;
  });
  return { waitingList: `/mappings/${(await listMappings(ctx)).waiting[0]?.fileId ?? ''}` };
}
