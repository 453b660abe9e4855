import { setPdf } from '../../../platform/pdf/set-pdf.ts';
import { packetJob } from './compose-packet.ts';
import type { PacketModel, PacketSeal } from './packet-model.rules.ts';

/**
 * What is sealed, page for page, for whoever reads on a screen or has it read aloud (PDF/UA-1): a file that is kept as PDF/A-3 cannot be
 * that too. Its title says first that it is the copy; nothing is inside it and nobody signs it.
 */
export async function composeReadingCopy(model: PacketModel, seal: PacketSeal): Promise<Buffer> {
  const { job, words } = packetJob(model, seal);
  const data = job.data as { readonly title: string };
  const { left, right } = words.sentence('packet:reading_copy');
  const said = [...left, ...right].map(({ text }) => text).join(' · ');
  const { bytes } = await setPdf({ ...job, data: { ...data, title: `${said} · ${data.title}`, attachments: {} }, attachments: {} }, 'ua-1');
  return bytes;
}
