import { parse } from 'csv-parse/sync';
import { announcementOf, messageOfOfficersMove } from '../../../../src/modules/exchange/conversations/announcement.rules.ts';
import type { AboutReferral, MadeMove } from '../../../../src/modules/exchange/conversations/announcement.rules.ts';
import { judgePartner } from '../../../../src/modules/exchange/conversations/judge.rules.ts';
import { languageFindings, wordsOf } from '../../../../src/modules/exchange/conversations/leaving.rules.ts';
import { tableOfForwarding, tableOfRemittance } from '../../../../src/modules/exchange/conversations/list-of-message.ts';
import { recognise } from '../../../../src/modules/exchange/conversations/recognise.rules.ts';
import { timelineOf } from '../../../../src/modules/exchange/conversations/timeline.rules.ts';
import { fileDialect } from '../../../../src/modules/partners/index.ts';
import { LIFECYCLE } from '../../../../src/modules/referrals/index.ts';
import { calendarDate } from '../../../../src/platform/dates.ts';

describe('what a file is', () => {
  const zip = (first: string, rest = ''): Buffer => {
    const head = Buffer.alloc(30);
    head.write('PK\u0003\u0004', 'latin1');
    head.writeUInt16LE(first.length, 26);
    return Buffer.concat([head, Buffer.from(first + rest, 'latin1')]);
  };
  it.each([
    ['<?xml version="1.0"?><message/>', 'message'], ['\ufeff{"a":1}', 'message'], ['  \n{', 'message'], ['%PDF-1.7', 'paper'], ['a,b\n1,2\n', 'list'], ['Nº;Importe\r\n1;2\r\n', 'list'], ['no table', 'unknown'], ['a,b', 'unknown'],
    ['\0\0\0\0', 'unknown'], ['', 'unknown'],
  ])('%j is told by its content: %s', (text, kind) => {
    expect(recognise(Buffer.from(text, 'utf8'), Buffer.alloc(0))).toBe(kind);
  });
  it('tells what was signed, however long, and whether it is armoured; what was only encrypted is none', () => {
    const cms = (length: readonly number[], oid = 2): Buffer => Buffer.from([0x30, ...length, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, oid, 0xa0]);
    for (const length of [[0x20], [0x80], [0x81, 0xff], [0x82, 0x05, 0x0d], [0x83, 0x01, 0x0a, 0x0a]]) expect(recognise(cms(length), Buffer.alloc(0))).toBe('receipt');
    expect(recognise(Buffer.from('-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n'), Buffer.alloc(0))).toBe('receipt');
    expect(recognise(cms([0x82, 0x05, 0x0d], 3), Buffer.alloc(0))).toBe('unknown');
    expect(recognise(Buffer.from('-----BEGIN PRIVATE KEY-----\nMIIB\n'), Buffer.alloc(0))).toBe('unknown');
  });
  it('tells containers from spreadsheets, whatever they are called', () => {
    expect(recognise(zip('mimetype', 'application/vnd.etsi.asic-e+zip'), Buffer.alloc(0))).toBe('packet');
    expect(recognise(zip('[Content_Types].xml'), Buffer.from('xl/workbook.xml'))).toBe('list');
    expect(recognise(zip('../../etc/passwd'), Buffer.from('nothing'))).toBe('unknown');
    expect(recognise(Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.alloc(0))).toBe('unknown');
    expect(recognise(Buffer.from('\ufffeabc', 'utf16le'), Buffer.alloc(0))).toBe('unknown');
  });
});

const about: AboutReferral = { direction: 'incoming', receivedOn: '2026-11-01', answers: 'Q-1', milestones: [], balances: [], hopNames: [{ lang: 'en', value: 'SRE' }], isAcknowledged: false };
const made = (move: string, given: Partial<MadeMove> = {}): MadeMove => ({ move, from: 'delivered', to: 'accepted', reason: null, hop: null, on: '2026-11-20', promisedOn: null, ...given });

describe('what a partner is told of a move', () => {
  it('acknowledges once, and reports from then on', () => {
    expect(announcementOf(made('accept'), about)).toMatchObject({ kind: 'acknowledgment', body: { status: 'complete', receivedOn: '2026-11-01' } });
    expect(announcementOf(made('accept'), { ...about, isAcknowledged: true })).toMatchObject({ kind: 'statusReport', body: { state: 'accepted' } });
  });
  it('passes on to a partner, or to an office by its code', () => {
    expect(announcementOf(made('forward', { hop: 'mx-sre' }), about)?.body).toMatchObject({ status: 'forwarded', forwardedTo: { partnerId: 'mx-sre', forwardedOn: '2026-11-20' } });
    expect(announcementOf(made('forward', { hop: 'state_office' }), about)?.body).toMatchObject({ forwardedTo: { hop: 'state_office' } });
  });
  it('says nothing of what was never sent, and drafts what needs somebody’s words', () => {
    const ours = { ...about, direction: 'outgoing' as const };
    expect(announcementOf(made('withdraw', { from: 'draft', to: 'withdrawn', reason: 'other' }), ours)).toBeNull();
    expect(announcementOf(made('withdraw', { from: 'sent', to: 'withdrawn', reason: 'other' }), ours)).toMatchObject({ kind: 'withdrawal', asDraft: false });
    expect(announcementOf(made('pass_on', { from: 'sent' }), ours)).toMatchObject({ kind: 'informationUpdate', asDraft: true });
  });
  it('never tells a partner of the partner’s own step that the agency only wrote down', () => {
    for (const { direction, move, who, from } of LIFECYCLE) {
      const told = announcementOf(made(move, { from: from[0] ?? 'draft', reason: 'other', promisedOn: '2026-12-01', hop: 'mx-sre' }), { ...about, direction });
      if (who.includes('partner_officer')) expect([direction, move, told]).toEqual([direction, move, null]);
    }
  });
  it('has a message for every move that an officer can make, but that of having fetched it', () => {
    const silent = LIFECYCLE.filter(({ who, through }) => who.includes('partner_officer') && !through).map(({ move }) => move)
      .filter((move) => messageOfOfficersMove(made(move, { hop: 'mx-sre' }), about) === null);
    expect([...new Set(silent)]).toEqual(['deliver']);
  });
});

describe('texts that leave', () => {
  const remark = (source: string, target?: string) => ({ remark: [{ sourceLanguage: 'en', targetLanguage: 'es-MX', segment: [{ source, ...(target === undefined ? {} : { target }) }] }] });
  it('are in both languages, each sentence', () => {
    expect(languageFindings(remark('One.', 'Uno.'), 'es-MX')).toEqual([]);
    expect(languageFindings(remark('One.'), 'es-MX').map(({ path }) => path)).toEqual(['/remark/0/segment/0/target']);
    expect(languageFindings(remark('One.', '  '), 'es-MX')).toHaveLength(1);
    expect(languageFindings(remark('One.', 'Uno.'), 'ko-KR').map(({ path }) => path)).toEqual(['/remark/0/targetLanguage']);
    expect(languageFindings({ fact: [{ kind: 'x', text: [{ lang: 'en', value: 'One' }] }] }, 'es-MX').map(({ path }) => path)).toEqual(['/fact/0/text']);
  });
  it('are told from codes', () => {
    expect(wordsOf({ ...remark('One.', 'Uno.'), state: 'accepted', change: [{ kind: 'address' }] })).toEqual({
      free: { '/remark/0/segment/0/source': 'One.', '/remark/0/segment/0/target': 'Uno.' }, other: { '/state': 'accepted' },
    });
  });
});

describe('a list of payments that came as a message', () => {
  it('becomes the table that its partner would have sent', () => {
    const [line] = parse(tableOfRemittance({
      transferNumber: 'T-1', sentOn: '2026-11-12', total: '50.00', currency: 'USD', lineCount: 1,
      line: [{ folio: 'F-1', toFileNumber: 'IM-1', gross: '950.00', grossCurrency: 'MXN', fee: '0.00', net: '50.00', collectedOn: '2026-11-02', sentOn: '2026-11-12', debtor: { given: 'Ana', family: 'Ruiz, "La"' }, creditor: { native: '김하나' } }],
    }, fileDialect('mx-consulate-calexico', 'remittance')), { columns: true }) as Record<string, string>[];
    expect(line).toMatchObject({ folio: 'F-1', expediente: 'IM-1', deudor: 'Ana Ruiz, "La"', acreedor: '김하나', importe_usd: '50.00', transferencia: 'T-1' });
  });
  it('says what became of each disbursement in the partner’s words', () => {
    const text = tableOfForwarding({ lineCount: 1, line: [{ folio: 'F-1', status: 'delivered', on: '2026-11-12', gross: '10.00', grossCurrency: 'USD', creditor: { given: 'Eva' } }] }, fileDialect('kr-kcsa', 'forwarding'));
    expect(text).toMatch(/F-1/);
  });
});

it('a timeline is in order, and what happened at once in the order of cause', () => {
  const at = new Date('2026-11-20T12:00:00Z');
  const entries = timelineOf({
    messages: [{ messageId: 'm', direction: 'in', kind: 'acknowledgment', state: 'stored', channel: 'api', storedAt: at, attempts: [], receipts: [{ receiptId: 'r', messageId: 'm', stage: 'submitted', hop: '', happenedAt: at }], work: { state: 'acted', reasons: [], changedAt: at } }],
    hops: [{ hop: 'mx-sre', office: null, fileNumber: '1', relayedOn: '2026-11-19' }], clocks: [{ clock: 'referral.send', startedOn: '2026-11-01', stoppedOn: null, countsOn: '2026-11-21' }],
    moves: [{ move: 'accept', toStatus: 'accepted', reason: null, hop: null, happenedOn: '2026-11-20', movedAt: at }],
  }, (one) => one.toISOString().slice(0, 10));
  expect(entries.map(({ what }) => what)).toEqual(['clock', 'hop', 'message', 'receipt', 'work', 'move', 'clock']);
});

it('a deadline stands behind the step that started or ended it', () => {
  const [opened, sent] = [new Date('2026-11-20T17:00:00Z'), new Date('2026-11-20T19:00:00Z')];
  const step = { reason: null, hop: null, happenedOn: null };
  const entries = timelineOf({
    messages: [], hops: [], moves: [{ ...step, move: 'open', toStatus: 'draft', movedAt: opened }, { ...step, move: 'send', toStatus: 'sent', movedAt: sent, by: 'us' }],
    clocks: [{ clock: 'referral.send', startedOn: '2026-11-20', startedBy: 'open', stoppedOn: '2026-11-20', stoppedBy: 'send', countsOn: '2026-12-10' }],
  }, (at) => calendarDate(at, 'America/Los_Angeles'));
  expect(entries.map((entry) => (entry.what === 'move' ? entry.move : entry.what === 'clock' ? entry.act : ''))).toEqual(['open', 'started', 'send', 'stopped']);
});

it('of what only the day is known stands first on its day, which is the agency’s', () => {
  const message = (messageId: string, storedAt: string) => ({ messageId, direction: 'in' as const, kind: 'inquiry', state: 'stored', channel: 'api', storedAt: new Date(storedAt), attempts: [], receipts: [], work: null });
  const entries = timelineOf({
    messages: [message('evening', '2026-11-21T05:00:00Z'), message('morning', '2026-11-21T16:00:00Z')], hops: [], moves: [],
    clocks: [{ clock: 'hague.acknowledge', startedOn: '2026-11-21', stoppedOn: null, countsOn: '2027-01-02' }],
  }, (at) => calendarDate(at, 'America/Los_Angeles'));
  expect(entries.map((entry) => (entry.what === 'message' ? entry.messageId : `${entry.what} ${entry.what === 'clock' ? entry.act : ''}`))).toEqual(['evening', 'clock started', 'morning', 'clock due']);
});

it('a partner whose profile is over sends no more', () => {
  expect(judgePartner({ today: '2026-11-20', validUntil: '2026-11-19' })).toEqual([{ code: 'message.partner_closed', severity: 'block', params: { until: '2026-11-19' } }]);
  expect([judgePartner({ today: '2026-11-20', validUntil: '2026-11-20' }), judgePartner({ today: '2026-11-20', validUntil: null })]).toEqual([[], []]);
});
