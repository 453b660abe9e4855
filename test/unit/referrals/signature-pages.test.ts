import { composePacket, packetJob } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import type { Block } from '../../../src/modules/referrals/documents/document.rules.ts';
import { aFullModel } from '../../support/referrals/full-packet.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

const ALL = ['locate', 'establish_parentage', 'establish_order', 'register_enforce', 'modify', 'collect_forward', 'serve_documents', 'obtain_evidence', 'status', 'payment_location', 'close'];
const ASKED = [ALL, ['register_enforce', 'enforce'], ...ALL.map((service) => [service])];
const SEAL = { packetId: 'pkt_01K0000000000000000000000B', datedOn: '2026-11-20' };
const lettersOf = (text: string): string => text.replace(/[\s\u200b]+/gu, '');

/** What is left of each page's text without its header and footer and without every text of signature blocks. */
async function bodiesWithoutSignatures(country: 'MX' | 'KR', services: readonly string[]): Promise<string[]> {
  const model = aFullModel(country, services);
  const { packet } = composePacket(model, SEAL);
  const { job } = packetJob(model, SEAL);
  const { blocks, header, footer, fileNumbers } = job.data as { blocks: readonly Block[]; header: { left: { text: string }[]; right: { text: string }[] }; fileNumbers: { text: string }[]; footer: { text: string }[] };
  const titles = blocks.filter((block) => block.kind === 'document');
  const around = [...header.left, ...header.right, ...footer, ...fileNumbers].map(({ text }) => text);
  const dropped = [...textsOf(blocks.filter((block) => block.kind === 'signature')), ...textsOf(titles), ...around].map(lettersOf).sort((one, other) => other.length - one.length);
  const { pages } = await readPdf(packet?.pdf ?? Buffer.alloc(0));
  return pages.map((page) => dropped.reduce((text, one) => text.split(one).join(''), lettersOf(page)).replace(/[·\d/]|Pageof|Páginade|쪽/gu, ''));
}

it.each(ASKED.map((services) => [services.join(', '), services] as const))('leaves no page to a signature alone: %s', async (_, services) => {
  for (const country of ['MX', 'KR'] as const) {
    const bodies = await bodiesWithoutSignatures(country, services);
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies.flatMap((body, index) => (body.length < 20 ? [`${country} ${index + 1}: ${body}`] : []))).toEqual([]);
  }
});

it('keeps the sum that is sworn to on the page of the oath', async () => {
  for (const country of ['MX', 'KR'] as const) {
    const { packet } = composePacket(aFullModel(country, ['collect_forward']), SEAL);
    const { pages } = await readPdf(packet?.pdf ?? Buffer.alloc(0));
    const sworn = pages.filter((page) => page.includes('I am an officer of the agency named above'));
    expect(sworn).toHaveLength(1);
    expect(sworn[0]).toContain('USD 29,147.95');
    expect(sworn[0]).toContain('under penalty of perjury');
  }
});
