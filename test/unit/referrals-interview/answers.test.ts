import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tidyAnswers, validateAnswers } from '../../../src/modules/referrals/interview/answers.rules.ts';
import { textFaults } from '../../../src/modules/referrals/interview/free-text.rules.ts';
import { interviewFindings, missingAnswers } from '../../../src/modules/referrals/interview/interview-completeness.rules.ts';
import { NO_ANSWERS, sectionsFor } from '../../../src/modules/referrals/interview/interview-definition.rules.ts';
import { interviewDefinition, loadInterviews } from '../../../src/modules/referrals/interview/interviews.ts';
import { SERVICE_CODES } from '../../../src/modules/partners/index.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { anAnswerTo } from '../../support/referrals-interview/answers.ts';

afterEach(() => loadInterviews(null));

const definition = interviewDefinition();
const at = (answers: unknown, children?: string[]) => validateAnswers(definition, answers, children).map(({ code, path }) => `${code.replace('interview.', '')} ${path}`);
const marriage = (answers: object) => at({ sections: { marriage: answers } });

describe('the questions', () => {
  it.each(LANGUAGES)('have words in %s: every section, question, column and choice', (language) => {
    const keys = definition.sections.flatMap((section) => [`section.${section.id}`, ...section.fields.flatMap((field) => [
      `field.${section.id}.${field.id}`, ...(field.choices ?? []).map((choice) => `choice.${section.id}.${field.id}.${choice}`),
      ...(field.fields ?? []).flatMap((column) => [`column.${section.id}.${field.id}.${column.id}`, ...(column.choices ?? []).map((choice) => `choice.${section.id}.${field.id}.${column.id}.${choice}`)]),
    ])]);
    expect(keys.filter((key) => !hasWords(language, `interview:${key}`))).toEqual([]);
  });

  it('are asked for services that there are, and for each of them', () => {
    const services: readonly string[] = SERVICE_CODES;
    expect(definition.sections.flatMap((section) => section.services).filter((service) => !services.includes(service))).toEqual([]);
    expect(services.filter((service) => sectionsFor(definition, [service], 'MX').length === 0)).toEqual([]);
  });

  it('are those of the country', () => {
    const ids = (country: string) => sectionsFor(definition, ['register_enforce'], country).map((section) => section.id);
    expect([ids('MX').includes('mexico'), ids('MX').includes('korea'), ids('KR').includes('mexico'), ids('KR').includes('korea'), ids('NO').includes('korea')]).toEqual([true, false, false, true, false]);
  });

  it('come also from files of another country, which are checked and change none that there are', () => {
    const dir = mkdtempSync(join(tmpdir(), 'interviews-'));
    mkdirSync(join(dir, 'interviews'));
    const write = (section: object) => writeFileSync(join(dir, 'interviews', 'no.json'), JSON.stringify({ interviewVersion: '1.0', interviewId: 'norway', sections: [section] }));
    const norway = { id: 'norway', scope: 'case', services: ['enforce'], countries: ['NO'], words: { en: 'For Norway' }, fields: [{ id: 'agreed', kind: 'yesno', about: [], sensitivity: 'plain' }] };
    write(norway);
    loadInterviews(dir);
    expect(sectionsFor(interviewDefinition(), ['enforce'], 'NO').map(({ id }) => id)).toContain('norway');
    for (const wrong of [{ ...norway, id: 'marriage' }, { ...norway, fields: [{ id: 'agreed', kind: 'guess', about: [], sensitivity: 'plain' }] }, { ...norway, fields: [{ id: 'agreed', kind: 'text', about: [], sensitivity: 'plain' }] }]) {
      write(wrong);
      expect(() => loadInterviews(dir)).toThrow(AppError);
    }
    expect(sectionsFor(interviewDefinition(), ['enforce'], 'NO').map(({ id }) => id)).toContain('norway');
  });
});

describe('answers', () => {
  it('about what has happened do not lie after today, those about what is to come do', () => {
    const found = validateAnswers(definition, {
      sections: {
        marriage: { status: 'divorced', marriedOn: '2026-11-22', separatedOn: '2026-11-23', divorcedOn: '2027-01-04' }, obligor_description: { lastSeenOn: '2027-01-01' }, service: { by: '2027-02-01' }, payment_change: { from: '2027-02-01' },
        residence_history: { periods: [{ from: '2026-11', to: '2026-12' }] },
      },
      children: { P3: { conception: { acknowledgedOn: '2026-11-23' } } },
    }, ['P3'], '2026-11-22');
    expect(found.filter(({ code }) => code.endsWith('_future')).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'interview.date_future /sections/marriage/separatedOn', 'interview.date_future /sections/marriage/divorcedOn', 'interview.date_future /sections/obligor_description/lastSeenOn',
      'interview.month_future /sections/residence_history/periods/0/to', 'interview.date_future /children/P3/conception/acknowledgedOn',
    ]);
    for (const language of LANGUAGES) for (const { code } of found) expect(hasWords(language, `interview:findings.${code.replaceAll('.', '_')}`)).toBe(true);
  });

  it('of every kind are taken', () => {
    const sections = Object.fromEntries(definition.sections.filter(({ scope }) => scope === 'case').map((section) => [section.id, anAnswerTo(section)]));
    const child = Object.fromEntries(definition.sections.filter(({ scope }) => scope === 'child').map((section) => [section.id, anAnswerTo(section)]));
    expect(at({ sections, children: { P3: child } }, ['P3'])).toEqual([]);
  });

  it('that are wrong are named at their place', () => {
    expect(marriage({ status: 'engaged', marriedOn: '2020-02-30', marriedAt: 'x'.repeat(161), divorcedOn: 7, colour: 'red' })).toEqual([
      'not_a_choice /sections/marriage/status', 'date_unreal /sections/marriage/marriedOn', 'too_long /sections/marriage/marriedAt',
      'wrong_kind /sections/marriage/divorcedOn', 'unknown_field /sections/marriage/colour',
    ]);
    expect(at({ sections: { obligee_means: { incomeMonthly: '1,200', expenses: [{ kind: 'food', amount: '10.001', currency: 'USD' }, { amount: '5' }, 'x'] } } })).toEqual([
      'amount_unreadable /sections/obligee_means/incomeMonthly', 'amount_too_fine /sections/obligee_means/expenses/0/amount',
      'currency_missing /sections/obligee_means/expenses/1/amount', 'wrong_kind /sections/obligee_means/expenses/2',
    ]);
    expect(at({ sections: { residence_history: { periods: [{ from: '2020-13', to: '2019-01', country: 'ZZ' }] } } })).toEqual([
      'month_unreal /sections/residence_history/periods/0/from', 'country_unknown /sections/residence_history/periods/0/country', 'order_reversed /sections/residence_history/periods/0/to',
    ]);
    expect(at({ sections: { obligor_description: { heightCm: '12' } } })).toEqual(['number_out_of_range /sections/obligor_description/heightCm']);
  });

  it('of unknown sections and children, or of no shape at all, are refused', () => {
    expect(at({ sections: { needs: {} , hobbies: {} }, children: { P9: {} }, extra: 1 }, ['P3'])).toEqual(['unknown_field /extra', 'unknown_section /sections/needs', 'unknown_section /sections/hobbies', 'unknown_child /children/P9']);
    for (const nothing of [null, 7, 'x', [], { sections: [] }, { sections: { marriage: [] } }, { children: 'x' }]) expect(at(nothing).join()).toContain('unreadable');
    expect(at(JSON.parse('{"sections": {"__proto__": {"x": "y"}, "constructor": {}}}'))).toEqual(['unknown_section /sections/__proto__', 'unknown_section /sections/constructor']);
    expect(at({ sections: { service: { papers: Array.from({ length: 21 }, () => ({ title: 'x' })) } } })).toEqual(['too_many_rows /sections/service/papers']);
    expect(at({ children: { '919-07-3588': {} }, sections: { LERR830218MJCNMS34: {} } }, ['P3'])).toEqual(['unknown_section /sections/*', 'unknown_child /children/*']);
  });

  it('have one spelling', () => {
    const one = tidyAnswers(definition, { children: {}, sections: { statement: { text: ' a\r\nb ' }, marriage: { marriedOn: '', status: 'married' }, declarant: {} } });
    expect(JSON.stringify(one)).toBe('{"sections":{"marriage":{"status":"married"},"statement":{"text":"a\\nb"}},"children":{}}');
  });
});

describe('a free text', () => {
  it.each(['919-07-3588', 'her number 919073588.', '919 07 3588', '9 1 9 0 7 3 5 8 8', '９１９－０７－３５８８', '919‑07‑3588', 'BOXW310820HNERXN09', 'boxw310820hnerxn09', 'GODE561231GR8', '680126-2345678', '680126 2345678', '6801262345678',
    '900101-1******', '032180000118359719', '032 180 00011835971 9', '0321 8000 0118 3597 19', '91\u00ad9-07-3588'])('with a number like %s is refused', (text) => {
    expect(textFaults(`He is ${text}`)).toContain('text_identifier');
  });

  it.each(['Case 2600000000001', 'docket BY367841 of 2020-06-01', 'from 2015-03-01 to 2016-04-30', '+52 686 555 0124', '(619) 555-0100', 'Calle Vicente Guerrero 734, 21120', 'paid 1250.50 in 2016 and 900 in 2017', '2026년 11월 21일', 'RFC del padre no se conoce'])('like “%s” is not', (text) => {
    expect(textFaults(text)).toEqual([]);
  });

  it.each(['The FPLS said so', 'paid by tax refund intercept', 'a tax offset of 300', 'the IRS took it', 'the irs took it', 'intercepted his income tax refund', 'Federal Parent Locator Service', 'retención de la devolución de impuestos',
    'le retuvieron el reembolso de sus impuestos federales', '세금 환급금에서', '미국 국세청 자료', 'an I.R.S. letter', 'FIDM match'])('that names a federal source is refused: %s', (text) => {
    expect(textFaults(text)).toContain('text_federal_source');
  });

  it.each(['intercept '.repeat(800), '9 '.repeat(4000), '91-'.repeat(2600), 'devolución de los '.repeat(440), `${'a'.repeat(7990)} tax`, '1990-01-01 '.repeat(720)])('is looked at in no time (%#)', (text) => {
    const before = performance.now();
    textFaults(text.slice(0, 8000));
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('with characters that print nothing is refused', () => {
    expect(textFaults('a\u202eb')).toEqual(['character_refused']);
    expect(textFaults('line\nnext\ttab')).toEqual([]);
  });
});

describe('what is missing', () => {
  const missing = (services: string[], answers: object = {}, country = 'MX') => missingAnswers(definition, { ...NO_ANSWERS, ...answers }, services, country, ['P3', 'P4']);

  it('is said for each child, as the definition says', () => {
    const findings = missing(['establish_parentage']);
    expect(findings.map((one) => one.path).filter((path) => path?.endsWith('/conception/from'))).toEqual(['/interview/children/P3/conception/from', '/interview/children/P4/conception/from']);
    expect(findings.map((one) => one.path)).toContain('/interview/sections/marriage/status');
    expect(missing(['status'])).toEqual([]);
  });

  it('blocks where the definition says so, and is said once with its worst severity', () => {
    const strict = { ...definition, sections: definition.sections.map((section) => (section.id !== 'statement' ? section : { ...section, fields: section.fields.map((field) => ({ ...field, wants: [{ services: ['locate'], severity: 'warn' as const }, { services: ['enforce'], severity: 'block' as const }] })) })) };
    const severity = (services: string[]) => missingAnswers(strict, NO_ANSWERS, services, 'MX', []).filter((one) => one.path === '/interview/sections/statement/text').map((one) => one.severity);
    expect([severity(['locate']), severity(['enforce', 'locate']), severity(['status'])]).toEqual([['warn'], ['block'], []]);
  });

  it('is told of the referral by section and child, not by question', () => {
    const told = interviewFindings(definition, { ...NO_ANSWERS, sections: { marriage: { status: 'never_married' } } }, ['establish_parentage'], 'MX', ['P3', 'P4']).map(({ code, path, params }) => `${code} ${path} ${params?.['missing']}`);
    expect(told).toContain('interview.section_incomplete /interview/sections/declarant 1');
    expect(told.filter((one) => one.startsWith('interview.child_section_incomplete'))).toEqual([expect.stringContaining('/interview/children/P3/conception'), expect.stringContaining('/interview/children/P4/conception')]);
    expect(told.join()).not.toContain('marriage');
  });

  it('is asked only where it can be answered', () => {
    const asks = (status: string) => missing(['establish_parentage'], { sections: { marriage: { status } } }).some((one) => one.path?.endsWith('marriage/marriedOn'));
    expect([asks('married'), asks('never_married')]).toEqual([true, false]);
  });
});
