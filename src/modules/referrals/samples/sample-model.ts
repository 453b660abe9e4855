import { readFileSync } from 'node:fs';
import type { Participant, SupportCase } from '../../cases/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import { arrearsStatements, interestRules } from '../arrears/index.ts';
import { assembleModel } from '../packets/assemble-model.ts';
import type { PacketAttachment, PacketCase, PacketInterview, PacketModel, PacketNarrative } from '../packets/packet-model.rules.ts';

interface SampleFile {
  readonly case: SupportCase;
  readonly statementDay: string;
  readonly secondOrder: SupportCase['orders'][number];
  readonly obligor: Readonly<Record<string, Participant>> & { readonly other: Participant };
  readonly interview: { readonly sections: PacketInterview['sections']; readonly child: PacketInterview['children'][string] };
  readonly narrative: { readonly translator: PacketNarrative['translator']; readonly source: readonly string[]; readonly targets: Readonly<Record<string, readonly string[]>> };
  readonly attachments: readonly string[];
}

/** One invented case in the ways in which forms ask for it: some are only for a case with several orders, or with none. */
export const SAMPLE_VARIANTS = ['one_order', 'two_orders', 'no_order'] as const;
export type SampleVariant = (typeof SAMPLE_VARIANTS)[number];

export interface SampleModel {
  readonly model: PacketModel;
  readonly sealedCase: PacketCase | null;
}

const file = JSON.parse(readFileSync(new URL('./sample-case.json', import.meta.url), 'utf8')) as SampleFile;

/** The invented case for a partner, through the same filter as every case; null where the agency has no office that could ask. */
export function sampleModel(partner: PartnerProfile, services: readonly string[], variant: SampleVariant, { agency, on }: { agency: string; on: string }): SampleModel | null {
  const supportCase = sampleCase(partner.country, variant);
  // Each form is to be seen, also those of a part that this partner is not sent.
  const shown: PartnerProfile = { ...partner, sealedPart: { ...partner.sealedPart, value: true } };
  const { model, sealed } = assembleModel({ supportCase, partner: shown, services, referralId: 'SAMPLE', openedOn: on, agency, on });
  if (model === null) return null;
  const children = model.supportCase.parties.filter(({ role }) => role === 'dependent').map(({ participantId }) => participantId);
  const { history = [], orders, balances } = supportCase;
  return {
    sealedCase: sealed?.supportCase ?? null,
    model: {
      ...model,
      interview: { sections: file.interview.sections, children: Object.fromEntries(children.map((child) => [child, file.interview.child])) },
      arrears: arrearsStatements({ history, orders, balances, asOf: file.statementDay }, interestRules()).statements,
      narratives: narrativesIn(model.partner.language), attachments: attachmentsOf(),
    },
  };
}

function sampleCase(country: string, variant: SampleVariant): SupportCase {
  const { other } = file.obligor;
  const known = file.obligor[country];
  const obligor: Participant = known ?? { ...other, nationalities: [country], residence: { lines: [], ...other.residence, country } };
  const orders = { one_order: file.case.orders, two_orders: [...file.case.orders, file.secondOrder], no_order: [] }[variant];
  return { ...file.case, participants: [obligor, ...file.case.participants], orders };
}

/** A language for which no text was invented has none: a sample says nothing in a language that nobody wrote. */
function narrativesIn(language: string): PacketNarrative[] {
  const { source, targets, translator } = file.narrative;
  const target = targets[language];
  if (!target) return [];
  const segments = source.map((text, index) => ({ source: text, target: target[index] ?? '' }));
  return [{ id: 'interview.statement.text', participantId: null, sourceLanguage: 'en', targetLanguage: language, translator, segments }];
}

function attachmentsOf(): PacketAttachment[] {
  return file.attachments.map((kind, index) => ({
    attachmentId: `S${index + 1}`, kind, participantId: null, title: null, fileName: `attachments/sample-${index + 1}.pdf`, mediaType: 'application/pdf', pages: 1, byteCount: 1024,
    sha256: '0'.repeat(64), language: 'en', translation: { notNeeded: 'bilingual_sheet_enclosed' }, officialForm: null,
  }));
}
