import { composePacket, composePacketApart } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { pdfPool } from '../../../src/platform/pdf/pool.ts';
import { usePdfPool } from '../../../src/platform/pdf/set-pdf.ts';
import { aMexicanCase, modelOf, PACKET_ID } from '../../support/referrals/packets.ts';

const SEAL = { packetId: PACKET_ID, datedOn: '2026-11-20' };

it('gives the same bytes whether this process sets the packet or one apart', async () => {
  const pool = pdfPool({ workers: 1 });
  usePdfPool(pool);
  const model = modelOf(aMexicanCase());
  const apart = await composePacketApart(model, SEAL).finally(() => usePdfPool(null));
  const here = composePacket(model, SEAL);
  await pool.close();
  expect(apart.packet?.pdf.equals(here.packet?.pdf ?? Buffer.alloc(0))).toBe(true);
  expect(apart.packet?.documents).toEqual(here.packet?.documents);
});
