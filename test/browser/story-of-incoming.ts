import { proposeAgain, receivePacket } from '../../src/modules/referrals/index.ts';
import type { Cover } from '../../src/modules/referrals/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { aLockedPaper, aPaper, aPng } from '../support/referrals/paper-files.ts';

const PARTNER = 'mx-consulate-los-angeles';

/** What a consulate sent: papers that fit some cases, papers that fit none, and a file that cannot be opened. */
export async function tellIncoming(ctx: Ctx): Promise<{ incoming: string; incomingNew: string; incomingRefused: string }> {
  const receive = async (fileName: string, source: Buffer, cover: Cover): Promise<string> => (await receivePacket(ctx, { partnerId: PARTNER, fileName, source, cover })).incomingId;
  const incoming = await receive('oficio 77 expediente completo del Consulado General en Los Ángeles.pdf', await aPaper('Oficio'), {
    fileNumber: 'CLA-77/26', services: ['enforce', 'locate'], obligor: { name: 'José Ángel Peña Muñoz', birthDate: '1988-12-24' }, obligee: { name: 'María Guadalupe Núñez', birthDate: null },
    children: [{ name: 'Lucía Peña Núñez', birthDate: '2016-05-04' }], note: 'Se envía el expediente.', reference: 'no code',
  });
  const incomingNew = await receive('scan.png', aPng(30, 30), { obligor: { name: 'Ulises Xicoténcatl Borunda' } });
  await proposeAgain(ctx, incomingNew);
  return { incoming, incomingNew, incomingRefused: await receive('locked.pdf', await aLockedPaper(), {}) };
}
