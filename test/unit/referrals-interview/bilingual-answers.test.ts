import { withTranslations } from '../../../src/modules/referrals/interview/bilingual-answers.rules.ts';
import { discloseInterview } from '../../../src/modules/referrals/interview/disclose-interview.rules.ts';
import type { InterviewAnswers } from '../../../src/modules/referrals/interview/interview-definition.rules.ts';
import { interviewDefinition } from '../../../src/modules/referrals/interview/interviews.ts';
import { gateTranslations, titleFaults } from '../../../src/modules/referrals/disclosures/written-texts.rules.ts';
import type { PacketNarrative } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

const SERVICES = ['locate', 'serve_documents', 'obtain_evidence', 'enforce'];
const ANSWERS: InterviewAnswers = {
  sections: {
    obligor_description: { occupation: 'Welder', lastSeenWhere: 'Market in Mexicali' },
    service: { papers: [{ title: 'Judgment', pages: '2' }, { pages: '1' }, { title: 'Summons', pages: '3' }] },
    evidence: { wanted: [{ what: 'Pay slips', from: 'Maquiladora del Norte', why: 'To set the amount' }] },
  },
  children: {},
};
const told = discloseInterview({
  definition: interviewDefinition(), answers: ANSWERS, language: 'en', source: 'party', supportCase: aMexicanCase(), recipient: { partnerId: 'mx-sre', country: 'MX' }, services: SERVICES, on: '2026-11-20',
});

function narrative(id: string, target: string): PacketNarrative {
  const source = told.narrativeSources.find((one) => one.id === id);
  return { id, participantId: null, sourceLanguage: 'en', targetLanguage: 'es-MX', segments: [{ source: source?.text ?? '', target }], translator: { name: 'Ana Luz', qualification: 'Perito', on: '2026-11-10' } };
}

it('gives short prose to the translators, each row by its number, and leaves names, places and numbers as they are', () => {
  expect(told.narrativeSources.map(({ id }) => id)).toEqual([
    'interview.obligor_description.occupation', 'interview.service.papers.title.1', 'interview.service.papers.title.3', 'interview.evidence.wanted.what.1', 'interview.evidence.wanted.why.1',
  ]);
});

it('puts both languages at the place of the answer, and nothing while the other one is not approved', () => {
  const done = [narrative('interview.obligor_description.occupation', 'Soldador'), narrative('interview.service.papers.title.3', 'Emplazamiento')];
  const { sections } = withTranslations(told.interview, told.narrativeSources, done);
  expect(sections['obligor_description']).toEqual({ occupation: { sourceLanguage: 'en', source: 'Welder', target: 'Soldador' }, lastSeenWhere: 'Market in Mexicali' });
  expect(sections['service']).toEqual({ papers: [{ pages: '2' }, { pages: '1' }, { title: { sourceLanguage: 'en', source: 'Summons', target: 'Emplazamiento' }, pages: '3' }] });
  expect(sections['evidence']).toEqual({ wanted: [{ from: 'Maquiladora del Norte' }] });
});

describe('a translation that says more than its source', () => {
  const id = 'interview.obligor_description.occupation';
  const gate = { tells: (texts: unknown) => JSON.stringify(texts).includes('Holtville') };
  const codes = (target: string, more: Partial<PacketNarrative['translator']> = {}) => {
    const one = narrative(id, target);
    const { narratives, findings } = gateTranslations([{ ...one, translator: { ...one.translator, ...more } }], gate);
    return [narratives.length, ...findings.map(({ code, path }) => `${code} ${path}`)];
  };

  it('stays here, and the finding names its place and repeats none of it', () => {
    const at = `/narratives/${id}`;
    expect(codes('Soldador')).toEqual([1]);
    expect(codes('Soldador en Holtville')).toEqual([0, `translation.target_tells_whereabouts ${at}/1`]);
    expect(codes('Soldador, CURP LERR830218MJCNMS34')).toEqual([0, `translation.target_text_identifier ${at}/1`]);
    expect(codes('Según el IRS')).toEqual([0, `translation.target_text_federal_source ${at}/1`]);
    expect(codes('Soldador', { qualification: 'Perito en Holtville' })).toEqual([0, `translation.qualification_refused ${at}`]);
  });

  it('is seen for the titles of papers too', () => {
    expect(titleFaults('Order of 2020', gate)).toEqual([]);
    expect(titleFaults(null, gate)).toEqual([]);
    expect(titleFaults('Lease in Holtville, tax refund offset', gate)).toEqual(['title_tells_whereabouts', 'title_text_federal_source']);
  });
});
