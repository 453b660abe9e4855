import { addressLines, longDate } from './format.rules.ts';
import type { PostalAddress } from './format.rules.ts';
import { stacked, strong } from './document.rules.ts';
import type { Block, Pair, Words } from './document.rules.ts';
import type { PacketModel, PacketSeal } from '../packets/packet-model.rules.ts';

/** The name of an office in both languages of the packet. */
export function officeName(words: Words, names: Readonly<Record<string, string>>): Pair {
  const english = names[words.left.language] ?? '';
  return words.given(english, names[words.right.language] ?? english);
}

export function addressPair(words: Words, address: PostalAddress): Pair {
  const left = addressLines(address, words.left.language);
  const right = addressLines(address, words.right.language);
  return stacked(left.map((line, index) => words.given(line, right[index] ?? line)));
}

/** The same address on one line, where it stands as a letterhead or inside a sentence. */
function addressOnOneLine(words: Words, address: PostalAddress): Pair {
  return words.given(addressLines(address, words.left.language).join(', '), addressLines(address, words.right.language).join(', '));
}

export function datePair(words: Words, date: string): Pair {
  return words.given(longDate(date, words.left.language), longDate(date, words.right.language));
}

/** The letter that goes on top: who asks whom for what, on which basis, and where the answer goes. */
export function coverLetter(model: PacketModel, seal: PacketSeal, words: Words): Block[] {
  const { agency, partner, supportCase } = model;
  const head = (key: string): Pair => strong(words.pair(`packet:${key}`));
  const title = words.pair('packet:letter.title');
  const addressee = stacked([
    strong(officeName(words, partner.names)),
    ...(partner.unit ? [officeName(words, partner.unit)] : []),
    ...(partner.address ? [addressPair(words, partner.address)] : []),
  ]);
  const references = [
    words.sentence('packet:letter.our_reference', { referral: model.referralId, supportCase: supportCase.caseId }),
    ...(partner.fileNumber === null ? [] : [words.sentence('packet:letter.your_reference', { number: partner.fileNumber })]),
  ];
  return [
    { kind: 'heading', level: 1, ...title },
    { kind: 'pair', rows: [
      stacked([strong(officeName(words, agency.names)), addressOnOneLine(words, agency.address)]),
      datePair(words, seal.datedOn),
      stacked([head('letter.to'), addressee]),
      stacked([head('letter.subject'), words.sentence('packet:letter.subject_text'), ...references]),
      words.sentence('packet:letter.greeting'),
      words.sentence('packet:letter.opening'),
      ...model.services.map((service, index) => numbered(words, index, words.sentence(`packet:service.${service}.ask`))),
      words.sentence('packet:letter.enclosed'),
      words.sentence('packet:letter.acknowledge'),
      ...(servicesBringMoney(model.services) ? [stacked([
        words.sentence('packet:letter.payments', { supportCase: supportCase.caseId }),
        officeName(words, agency.paymentNames), addressOnOneLine(words, agency.paymentAddress),
      ])] : []),
      words.sentence('packet:letter.closing'),
    ] },
    { kind: 'pair', rows: [stacked([
      words.given(' ', ' ', 'rule'), words.sentence('packet:letter.signature_line'), officeName(words, agency.names),
    ])] },
    { kind: 'notice', rows: [words.sentence('packet:letter.confidential')] },
    { kind: 'turn' },
  ];
}

function numbered(words: Words, index: number, pair: Pair): Pair {
  const mark = `${index + 1}. `;
  return {
    left: pair.left.map((line) => ({ ...line, text: mark + line.text })),
    right: pair.right.map((line) => ({ ...line, text: mark + line.text })),
  };
}

const MONEY_SERVICES = new Set(['register_enforce', 'enforce', 'collect_forward', 'establish_order', 'modify', 'payment_location']);

function servicesBringMoney(services: readonly string[]): boolean {
  return services.some((service) => MONEY_SERVICES.has(service));
}
