type Name = { readonly lang: string; readonly value: string };

/** What a partner's program must know of a packet without opening it: no name of anybody, no text of the case. What is not known is null. */
export interface PacketCover {
  readonly version: '1.1';
  readonly kind: 'referral';
  readonly messageId: string;
  readonly serial: string | null;
  readonly conversation: string | null;
  readonly sentAt: string;
  readonly datedOn: string;
  readonly function: string | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly referralId: string | null;
  readonly packetId: string | null;
  readonly from: { readonly county: string; readonly fileNumber: string | null; readonly name: readonly Name[] };
  readonly to: { readonly partnerId: string; readonly country: string; readonly fileNumber: string | null; readonly name: readonly Name[] };
  /** The file as it is handed out, and, where that is encrypted, the packet within. */
  readonly packet: { readonly sha256: string; readonly byteCount: number; readonly isEncrypted: boolean; readonly contentSha256: string };
}

export const COVER_NAMESPACE = 'urn:puente:packet-cover:v1';

export const coverJson = (cover: PacketCover): Buffer => Buffer.from(`${JSON.stringify(cover, null, 2)}\n`, 'utf8');

/** The same as XML: a name of the JSON is an attribute or element of that name, what is null is left out. */
export function coverXml({ from, to, packet, ...header }: PacketCover): Buffer {
  const office = (element: string, { name, ...attributes }: PacketCover['from'] | PacketCover['to']): string[] => [
    `  <${element}${attributesOf(attributes)}>`, ...name.map(({ lang, value }) => `    <name lang="${escaped(lang)}">${escaped(value)}</name>`), `  </${element}>`,
  ];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>', `<packetCover xmlns="${COVER_NAMESPACE}"${attributesOf(header)}>`, ...office('from', from), ...office('to', to), `  <packet${attributesOf(packet)}/>`, '</packetCover>',
  ];
  return Buffer.from(`${lines.join('\n')}\n`, 'utf8');
}

const attributesOf = (given: Readonly<Record<string, string | number | boolean | null>>): string =>
  Object.entries(given).filter(([, value]) => value !== null).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('');

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => REFERENCES[sign] ?? sign);
