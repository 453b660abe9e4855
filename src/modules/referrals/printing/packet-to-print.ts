import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { findPartner } from '../../partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { FileNumbers } from './reference-sheet.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { paperKind } from '../../../platform/pdf/paper.ts';
import type { PaperSource } from '../../../platform/pdf/printed-sets.ts';
import { PDF_ENTRY, XML_ENTRY } from '../packets/compose-packet.ts';
import { verifyPacket } from '../packets/verify-packet.ts';

/** A packet's papers out of its container, and what its message says of itself. */
export interface PacketToPrint {
  readonly packetId: string;
  readonly referralId: string;
  readonly datedOn: string;
  readonly sha256: string;
  /** The agency that sealed it. */
  readonly agency: string;
  /** Language of the office that it is for; English where we have no words in theirs. */
  readonly language: string;
  /** As they stand in the packet. */
  readonly numbers: FileNumbers;
  /** The packet's documents first, then its attachments in the order of the container. */
  readonly papers: readonly PaperSource[];
  readonly findings: readonly Finding[];
}

const ENGLISH = 'en';

/** @throws AppError `packet.altered` when the container is not as it was sealed. */
export function packetToPrint(container: Uint8Array, now: Date): PacketToPrint {
  const report = verifyPacket(container, undefined, { now });
  if (!report.isIntact) throw new AppError('conflict', 'packet.altered', { findings: report.findings });
  const entryOf = (name: string): Uint8Array => report.payload.find((entry) => entry.name === name)?.bytes ?? new Uint8Array();
  const others = report.payload.filter((entry) => entry.name !== PDF_ENTRY && entry.name !== XML_ENTRY);
  const left = others.filter((entry) => paperKind(entry.bytes) === null);
  return {
    ...messageHead(entryOf(XML_ENTRY)),
    sha256: createHash('sha256').update(container).digest('hex'),
    papers: [{ path: PDF_ENTRY, bytes: entryOf(PDF_ENTRY) }, ...others.filter((entry) => !left.includes(entry)).map(({ name, bytes }) => ({ path: name, bytes }))],
    findings: left.map((entry) => ({ code: 'printing.entry_not_printed', severity: 'info', path: entry.name })),
  };
}

interface Office { readonly name?: readonly { readonly '@lang': string; readonly '#text': string }[] }
interface Message {
  readonly message: { readonly '@packetId': string; readonly '@datedOn': string; readonly from: Office; readonly to: { readonly '@partnerId': string; readonly '@fileNumber'?: string }; readonly referral: { readonly '@referralId': string; readonly supportCase?: { readonly '@caseId'?: string } } };
}

/** The message fits its schema: that was checked with the container. */
function messageHead(xml: Uint8Array): Omit<PacketToPrint, 'papers' | 'sha256' | 'findings'> {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, isArray: (name) => name === 'name' });
  const { message } = parser.parse(Buffer.from(xml)) as Message;
  const names = message.from.name ?? [];
  const spoken = findPartner(message.to['@partnerId'])?.languages.value.packet ?? ENGLISH;
  return {
    numbers: { ours: message.referral.supportCase?.['@caseId'] ?? null, theirs: message.to['@fileNumber'] ?? null, hops: [] },
    packetId: message['@packetId'], datedOn: message['@datedOn'], referralId: message.referral['@referralId'],
    agency: (names.find((name) => name['@lang'] === ENGLISH) ?? names[0])?.['#text'] ?? '', language: hasWords(spoken, 'printing:mark') ? spoken : ENGLISH,
  };
}
