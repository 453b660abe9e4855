import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../src/platform/errors.ts';
import {
  columnsByHeading, fileDialect, findPartner, getPartner, headingKey, listPartners, loadPartners, partnerName, partnersForCounty, rateOperation,
  statusesByWord, unconfirmedFacts,
} from '../../../src/modules/partners/index.ts';
import type { PartnerProfile } from '../../../src/modules/partners/index.ts';

const MARKS = JSON.parse(readFileSync(new URL('../../../src/modules/partners/sources.json', import.meta.url), 'utf8')) as Record<string, string>;
const IDS = ['kr-kcsa', 'mx-consulate-calexico', 'mx-consulate-los-angeles', 'mx-sre'];

function refusal(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('built-in partner profiles', () => {
  it('are the four partners, in the order of their ids', () => {
    expect(listPartners().map(({ partnerId }) => partnerId)).toEqual(IDS);
  });

  it.each(IDS)('%s explains every source mark that it cites', (id) => {
    const marks = new Set<string>();
    JSON.stringify(getPartner(id), (key, value: unknown) => {
      if (key === 'sources') (value as string[]).forEach((mark) => marks.add(mark));
      return value;
    });
    expect([...marks].filter((mark) => !(mark in MARKS) && !mark.startsWith('glossary:'))).toEqual([]);
  });

  it.each(IDS)('%s never calls something confirmed that rests on recollection or inference alone', (id) => {
    const weak = new Set(['recollection', 'inference', 'open_question']);
    JSON.stringify(getPartner(id), (_key, value: unknown) => {
      const fact = value as { confirmed?: boolean; sources?: string[] } | null;
      if (fact?.confirmed === true && fact.sources?.every((mark) => weak.has(mark))) throw new Error(`unfounded: ${JSON.stringify(fact)}`);
      return value;
    });
  });

  it('are shown with what is not settled: copies, locator codes and who receives the money', () => {
    for (const id of IDS) {
      const paths = unconfirmedFacts(getPartner(id)).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['/packet', '/locator', '/remitTo']));
    }
    expect(unconfirmedFacts(getPartner('kr-kcsa')).map(({ path }) => path)).toEqual(expect.arrayContaining(['/files/forwarding', '/files/remittance']));
  });

  it('exchange with KCSA informally, so that a named approver is needed', () => {
    expect(getPartner('kr-kcsa').exchangeBasis.value).toEqual({ basis: 'informal', approverNeeded: true });
  });

  it('let the referral clock run on at a consulate, which relays to the SRE', () => {
    expect(getPartner('mx-consulate-calexico').referralClock.value).toMatchObject({ stopsOnReceipt: false, relaysTo: 'mx-sre' });
    expect(getPartner('mx-sre').referralClock.value).toMatchObject({ stopsOnReceipt: true, relaysTo: null });
  });

  it('serve the counties of the agreed table', () => {
    expect(partnersForCounty('06037').map(({ partnerId }) => partnerId)).toEqual(['kr-kcsa', 'mx-consulate-los-angeles', 'mx-sre']);
    expect(partnersForCounty('06025').map(({ partnerId }) => partnerId)).toEqual(['kr-kcsa', 'mx-consulate-calexico', 'mx-sre']);
    expect(partnersForCounty('06001')).toEqual([]);
  });

  it('have names in three languages', () => {
    expect(partnerName(getPartner('kr-kcsa'), 'ko-KR')).toBe('양육비이행관리원');
    expect(partnerName(getPartner('mx-consulate-los-angeles'), 'es-MX')).toBe('Consulado General de México en Los Ángeles');
  });

  it('cannot be changed by whoever reads them', () => {
    expect(() => (getPartner('mx-sre').counties.value as string[]).push('06001')).toThrow(TypeError);
  });

  it('refuse an unknown partner', () => {
    expect(refusal(() => getPartner('mx-nowhere'))).toMatchObject({ kind: 'not_found', code: 'partner.unknown' });
    expect(findPartner('__proto__')).toBeNull();
  });
});

describe('file dialects', () => {
  it.each([
    ['mx-consulate-los-angeles', 'forwarding', 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones',
      ['reference', 'disbursementId', 'caseId', 'payeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'settledCurrency', 'happenedOn', 'status', 'note']],
    ['mx-consulate-calexico', 'remittance', 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto',
      ['reference', 'caseId', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'happenedOn', 'sentOn', 'transferReference', 'note']],
    ['kr-kcsa', 'forwarding', '접수번호,송금번호,사건번호,수취인,금액,통화,환율,수수료,지급액,지급통화,지급일,상태,비고',
      ['reference', 'disbursementId', 'caseId', 'payeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'settledCurrency', 'happenedOn', 'status', 'note']],
    ['kr-kcsa', 'remittance', '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고',
      ['reference', 'caseId', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'happenedOn', 'sentOn', 'transferReference', 'note']],
  ] as const)('%s tells every column of its %s layout', (partnerId, kind, heading, columns) => {
    const byHeading = columnsByHeading(fileDialect(partnerId, kind));
    expect(heading.split(',').map((cell) => byHeading.get(headingKey(cell)))).toEqual(columns);
  });

  it.each([
    ['mx-consulate-calexico', 'forwarding', 'No. de expediente', 'caseId'],
    ['mx-consulate-calexico', 'forwarding', 'MONTO', 'amount'],
    ['mx-consulate-calexico', 'forwarding', 'T.C.', 'rate'],
    ['mx-consulate-calexico', 'remittance', ' Divisa ', 'currency'],
    ['mx-consulate-calexico', 'remittance', 'Comision', 'fee'],
    ['kr-kcsa', 'remittance', '적용환율', 'rate'],
    ['kr-kcsa', 'remittance', '송금액(USD)', 'settled'],
    ['kr-kcsa', 'remittance', '\u110e\u1162\u1106\u116e\u110c\u1161', 'obligorName'],
  ] as const)('%s %s reads %s as %s', (partnerId, kind, heading, column) => {
    expect(columnsByHeading(fileDialect(partnerId, kind)).get(headingKey(heading))).toBe(column);
  });

  it('leave a heading untold that may mean two things', () => {
    const byHeading = columnsByHeading(fileDialect('mx-consulate-los-angeles', 'remittance'));
    expect(['Referencia', 'Fecha', 'No.'].map((heading) => byHeading.get(headingKey(heading)))).toEqual([undefined, undefined, undefined]);
  });

  it('know the statuses', () => {
    const mexican = statusesByWord(fileDialect('mx-consulate-calexico', 'forwarding'));
    const korean = statusesByWord(fileDialect('kr-kcsa', 'forwarding'));
    expect(['ENTREGADO', 'Devuelto', 'pendiente', 'CANCELADO'].map((word) => mexican.get(headingKey(word)))).toEqual(['delivered', 'returned', 'pending', 'cancelled']);
    expect(['지급완료', '반송', '대기', '취소'].map((word) => korean.get(headingKey(word)))).toEqual(['delivered', 'returned', 'pending', 'cancelled']);
  });

  it('multiply by the rate as the sample partners quote it, and would divide for one that quotes the other way round', () => {
    const dialect = fileDialect('mx-consulate-calexico', 'forwarding');
    expect(rateOperation(dialect)).toBe('multiply');
    expect(rateOperation({ ...dialect, rate: { quotation: 'perUsdRemitted' } })).toBe('divide');
  });
});

describe('profiles added by the operator', () => {
  let dataDir: string;
  const put = (name: string, content: unknown) => writeFileSync(join(dataDir, 'partners', name), typeof content === 'string' ? content : JSON.stringify(content));
  const copyOf = (id: string) => JSON.parse(JSON.stringify(getPartner(id))) as Record<string, unknown> & PartnerProfile;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'puente-partners-'));
    mkdirSync(join(dataDir, 'partners'));
  });
  afterEach(() => {
    loadPartners(null);
    rmSync(dataDir, { recursive: true });
  });

  it('add a country without code', () => {
    put('ph.json', { ...copyOf('mx-sre'), partnerId: 'ph-dsjv', country: 'PH' });
    loadPartners(dataDir);
    expect(getPartner('ph-dsjv').country).toBe('PH');
    expect(listPartners()).toHaveLength(5);
  });

  it('replace a built-in profile of the same id', () => {
    put('la.json', { ...copyOf('mx-consulate-los-angeles'), validFrom: '2027-01-01' });
    loadPartners(dataDir);
    expect(getPartner('mx-consulate-los-angeles').validFrom).toBe('2027-01-01');
  });

  it('are refused together, each fault with its file and pointer, and the former ones stay', () => {
    put('a.json', '{"partnerId":');
    put('b.json', { ...copyOf('mx-sre'), partnerId: 'zz-beta', timeZone: { value: 'America/Mexico_City' } });
    const twice = copyOf('mx-sre');
    const columns = twice.files.forwarding?.value.columns as unknown as Record<string, { headings: string[] }>;
    columns.rate?.headings.push('Mónto');
    put('c.json', { ...twice, partnerId: 'zz-gamma' });
    put('d.json', { ...copyOf('kr-kcsa'), partnerId: 'zz-delta', exchangeBasis: { value: { basis: 'informal', approverNeeded: false }, confirmed: true, sources: ['S7'] } });
    put('e.json', { ...copyOf('mx-sre'), partnerId: 'zz-epsilon', referralClock: { value: { stopsOnReceipt: false, relaysTo: 'zz-none', binding: true }, confirmed: true, sources: ['S1'] } });
    const error = refusal(() => loadPartners(dataDir));
    expect(error).toMatchObject({ kind: 'invalid', code: 'partner.profiles_invalid' });
    expect(error.findings.map(({ code, path }) => [code, path])).toEqual([
      ['partner.profile_unreadable', 'a.json'],
      ['partner.profile_schema', 'b.json#/timeZone/confirmed'],
      ['partner.heading_ambiguous', expect.stringMatching(/^c.json#.files.forwarding.value.columns.rate.[0-9]+$/)],
      ['partner.approver_needed', 'd.json#/exchangeBasis/value/approverNeeded'],
      ['partner.relay_unknown', 'zz-epsilon.json#/referralClock/value/relaysTo'],
    ]);
    expect(listPartners()).toHaveLength(4);
  });
});
