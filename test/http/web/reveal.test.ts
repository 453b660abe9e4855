import { REVEALS_PER_HOUR } from '../../../src/modules/cases/index.ts';
import { actOnMessage, receiveMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, PEOPLE, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const { plain, protected: hidden, imperial } = SAMPLE_CASES;
const LA = 'mx-consulate-los-angeles';
const SSN = /123-?45-?6789/;
const WANTED = { participant: 'p1', kind: 'identifier', position: '0', reason: 'confirm_identity' };

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

async function ask(who: string, caseId: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  return agent.post(`/cases/${caseId}/reveal`).type('form').send({ form_token: await tokenOf(agent, '/cases'), ...WANTED, ...fields });
}

const events = (action: string) => behindTheWall<{ actor_id: string; subject_id: string; details: Record<string, unknown> }>(site.db, 'select actor_id, subject_id, details from audit_events where action = $1', [action]);

describe('a masked number', () => {
  it('is nowhere on the page of the case, and offered with the question why', async () => {
    const { text } = await (await site.signedIn('attorney')).get(`/cases/${plain.caseId}`);
    expect(text).toContain('***-**-6789');
    expect(text).not.toMatch(SSN);
    expect(text).toContain(`action="/cases/${plain.caseId}/reveal"`);
    expect(text).toContain('Why do you need it?');
    expect(await events('identifier.revealed')).toEqual([]);
  });

  it('is shown once to whoever says why, in an answer that nothing keeps, and that is written down without it', async () => {
    const answer = await ask('attorney', plain.caseId);
    expect([answer.status, answer.headers['cache-control'], answer.headers['location']]).toEqual([200, 'no-store', undefined]);
    expect(answer.text).toMatch(SSN);
    const written = await events('identifier.revealed');
    expect(written).toEqual([expect.objectContaining({ subject_id: plain.caseId, details: { participantId: 'p1', type: 'SSN', position: 0, reason: 'confirm_identity' } })]);
    expect(JSON.stringify([written, await behindTheWall(site.db, 'select * from identifier_reveals')])).not.toMatch(SSN);
    expect((await (await site.signedIn('attorney')).get(`/cases/${plain.caseId}`)).text).not.toMatch(SSN);
  });

  it('is asked for again where no reason was chosen', async () => {
    for (const reason of ['', 'because', '<script>alert(1)</script>', 'x'.repeat(10_000)]) {
      const { status, text } = await ask('attorney', plain.caseId, { reason });
      expect([status, text.includes('Choose why you need to see it in full'), SSN.test(text), text.includes('<title>Error')]).toEqual([422, true, false, true]);
      expect(text).not.toContain('<script>alert');
    }
  });

  it('that is not there, of nobody, or of another county is not found', async () => {
    for (const fields of [{ position: '9' }, { position: '-1' }, { position: 'x' }, { participant: 'p9' }, { kind: 'account' }, { kind: 'phone' }] as Record<string, string>[]) expect((await ask('attorney', plain.caseId, fields)).status).toBe(404);
    expect((await ask('imperial', plain.caseId)).status).toBe(404);
    expect((await ask('attorney', '9999999999999')).status).toBe(404);
  });

  it('of a protected person, and accounts and telephones beside one, are shown to nobody', async () => {
    for (const participant of ['p1', 'p2', 'p3']) {
      for (const kind of ['identifier', 'account', 'phone']) {
        const { status, text } = await ask('supervisor', hidden.caseId, { participant, kind });
        if (participant !== 'p1' || kind !== 'identifier') expect(status).toBe(404);
        expect(text).not.toMatch(/Secret|Hiddenville|90001|213|0199/);
      }
    }
  });

  it('is for those alone who work on cases', async () => {
    for (const who of ['officer_la', 'translator', 'administrator']) expect((await ask(who, plain.caseId)).status).toBe(403);
  });

  it('has no address of its own', async () => {
    const { status, headers } = await (await site.signedIn('attorney')).get(`/cases/${plain.caseId}/reveal?participant=p1&kind=identifier&position=0&reason=confirm_identity`);
    expect([status, headers['location']]).toEqual([303, `/cases/${plain.caseId}`]);
  });
});

it('ends after as many as anybody needs in an hour, however many ask at once, and tells supervisors', async () => {
  const answers = await Promise.all(Array.from({ length: REVEALS_PER_HOUR + 5 }, () => ask('imperial', imperial.caseId)));
  const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
  expect([count(200), count(409)]).toEqual([REVEALS_PER_HOUR, 5]);
  const refused = answers.find(({ status }) => status === 409)?.text ?? '';
  expect(refused).toContain('Your supervisor has been notified');
  expect(refused).not.toMatch(SSN);
  expect(await events('identifier.reveal_refused')).toHaveLength(5);
  const alarms = await behindTheWall(site.db, "select code from office_alarms where code = 'identifiers.many_shown'");
  expect(alarms).toHaveLength(1);
  const { text } = await (await site.signedIn('supervisor')).get('/queue');
  expect(text).toContain(PEOPLE['imperial']?.displayName);
  expect(text).toContain(`was shown ${REVEALS_PER_HOUR} masked numbers`);
  expect((await (await site.signedIn('attorney')).get('/queue')).text).not.toContain('masked numbers');
});

describe('a number in a message', () => {
  const FULL = /BOXW310820HNERXN09|5585?\s?1234\s?5678|rosa\.leon@|032180000118359719|9001011234567|7788/;
  const [PHONE, MAIL, CURP] = ['+52 55 1234 5678', 'rosa.leon@correo.example', 'BOXW310820HNERXN09'];
  let [update, change, ofHidden, beside] = ['', '', '', ''];
  beforeAll(async () => {
    const askFor = async (caseId: string): Promise<string> => {
      const { referralId } = await createReferral(site.ctx, { caseId, partnerId: LA, services: ['enforce', 'collect_forward'] });
      await buildPacket(site.ctx, referralId);
      await sendReferral(site.ctx, referralId);
      return referralId;
    };
    const [ours, theirs] = [await askFor(plain.caseId), await askFor(hidden.caseId)];
    const say = async (number: number, referralId: string, body: Record<string, unknown>): Promise<string> => {
      const message = {
        version: '1.1', messageId: `CLA-N${number}`, serial: String(800 + number).padStart(12, '0'), sentAt: new Date(Date.now() - 60_000).toISOString(), datedOn: '2026-11-20', referralId, ...body, conversation: `n${number}`,
        from: { partnerId: LA, country: 'MX', fileNumber: 'CLA/2026/9', name: [{ lang: 'es-MX', value: 'Consulado' }] }, to: { county: '06037', name: [{ lang: 'en', value: 'County' }] },
      };
      const { messageId, findings } = await receiveMessage(site.ctx, { partnerId: LA, channel: 'api', source: Buffer.from(JSON.stringify(message)) });
      expect(findings.filter(({ severity }) => severity === 'block')).toEqual([]);
      await actOnMessage(site.ctx, messageId);
      return messageId;
    };
    const party = (participantId: string, more: Record<string, unknown>) => ({ participantId, role: 'obligee', protected: false, name: { given: 'Rosa', family: 'León' }, ...more });
    const told = { informationUpdate: {
      asOf: '2026-11-20', change: [{ kind: 'phone', text: [{ lang: 'es-MX', value: '55 5512 7788' }] }],
      party: [party('p1', { phone: [PHONE, '555-0100-99'], email: [MAIL], identifier: [{ type: 'CURP', country: 'MX', value: CURP }, { type: 'RRN', country: 'KR', value: '900101-1234567' }] }), party('p2', { protected: true, phone: ['213 555 0142'] })],
    } };
    [update, ofHidden] = [await say(1, ours, told), await say(3, theirs, told)];
    change = await say(2, ours, { paymentLocationChange: { change: 'payee', effectiveOn: '2026-12-01', payTo: { name: [{ lang: 'es-MX', value: 'Pagaduría' }] }, account: [{ scheme: 'clabe', value: '032180000118359719', bank: '40032', country: 'MX' }] } });
    beside = `/messages/${update}`;
  });

  const askOf = async (who: string, messageId: string, fields: Record<string, string>) => {
    const agent = await site.signedIn(who);
    return agent.post(`/messages/${messageId}/reveal`).type('form').send({ form_token: await tokenOf(agent, '/account'), ...fields });
  };
  const pageOf = async (who: string, path: string): Promise<string> => (await (await site.signedIn(who)).get(path)).text;
  const written = (action: string) => behindTheWall<{ actor_id: string; subject_id: string; county: string; details: Record<string, string> }>(site.db, 'select actor_id, subject_id, county, details from audit_events where action = $1 order by happened_at', [action]);

  it('stands masked as in a case, for the county and for the officer alike, with the question why', async () => {
    for (const who of ['attorney', 'officer_la', 'reconciler']) {
      const page = await pageOf(who, beside);
      expect([who, FULL.test(page)]).toEqual([who, false]);
      for (const words of ['**************XN09', '900101-*******', '+** ** **** **78', '***@correo.example', '** **** **88', '*** *** ****', 'Why do you need it?']) expect([who, words, page.includes(words)]).toEqual([who, words, true]);
      // Of whoever the message calls protected nothing can be asked for, and each number is asked for once, not in both languages.
      expect([...page.matchAll(/name="place" value="([^"]+)"/g)].map(([, place]) => place).sort()).toEqual(['/change/0/text/0/value', '/party/0/email/0', '/party/0/identifier/0/value', '/party/0/identifier/1/value', '/party/0/phone/0', '/party/0/phone/1']);
    }
    for (const path of [`/messages/${change}`, `/parked/${change}`]) {
      const page = await pageOf('attorney', path);
      expect([path, FULL.test(page), page.includes('40032'), page.includes('**************9719')]).toEqual([path, false, false, true]);
    }
  });

  it('is shown once to whoever says why, which is written down without it', async () => {
    for (const [who, reason] of [['attorney', 'answer_partner'], ['officer_la', 'answer_county']] as const) {
      const shown = await askOf(who, update, { place: '/party/0/phone/0', reason });
      expect([who, shown.status, shown.headers['cache-control'], shown.text.includes(PHONE)]).toEqual([who, 200, 'no-store', true]);
    }
    const account = await askOf('attorney', change, { place: '/account/0/value', reason: 'trace_payment', from: 'parked' });
    for (const words of ['40032 · 032180000118359719', `href="/parked/${change}"`, 'Account (CLABE)']) expect([words, account.text.includes(words)]).toEqual([words, true]);
    const events = await written('message.number_shown');
    expect(events.map(({ subject_id, county, details }) => [subject_id, county, details])).toEqual([
      [update, '06037', { kind: 'phone', type: 'phone', place: 'party.0.phone.0', reason: 'answer_partner' }], [update, '06037', { kind: 'phone', type: 'phone', place: 'party.0.phone.0', reason: 'answer_county' }],
      [change, '06037', { kind: 'account', type: 'clabe', place: 'account.0.value', reason: 'trace_payment' }],
    ]);
    expect(JSON.stringify([events, await behindTheWall(site.db, 'select * from message_reveals')])).not.toMatch(/1234 5678|0321800/);
    expect(FULL.test(await pageOf('attorney', beside))).toBe(false);
  });

  it('is asked for again without a reason, and is not found where there is none or nobody may see it', async () => {
    for (const reason of ['', 'answer_county', '<script>alert(1)</script>', 'x'.repeat(10_000)]) {
      const { status, text } = await askOf('attorney', update, { place: '/party/0/phone/0', reason });
      expect([status, text.includes('Choose why you need to see it in full'), FULL.test(text), text.includes('<script>alert')]).toEqual([422, true, false, false]);
    }
    for (const place of ['', '/', '/party', '/party/1/phone/0', '/party/0/name/given', '/asOf', '/__proto__/x', '/constructor', `/${'x'.repeat(10_000)}`]) expect([place.slice(0, 20), (await askOf('attorney', update, { place, reason: 'confirm_identity' })).status]).toEqual([place.slice(0, 20), 404]);
    expect((await askOf('attorney', change, { place: '/account/0/bank', reason: 'confirm_identity' })).status).toBe(404);
    expect([(await askOf('officer_kr', update, { place: '/party/0/phone/0', reason: 'confirm_identity' })).status, (await askOf('translator', update, { place: '/party/0/phone/0', reason: 'confirm_identity' })).status]).toEqual([404, 403]);
    const { status, headers } = await (await site.signedIn('attorney')).get(`/messages/${update}/reveal?place=/party/0/phone/0&reason=confirm_identity`);
    expect([status, headers['location']]).toEqual([303, beside]);
  });

  it('has not even its end beside a protected person, and nobody is shown it', async () => {
    const page = await pageOf('attorney', `/messages/${ofHidden}`);
    expect([page.includes('name="place"'), /XN09|\*78<|correo\.example|900101/.test(page), page.includes('+** ** **** ****')]).toEqual([false, false, true]);
    for (const who of ['supervisor', 'officer_la']) expect([who, (await askOf(who, ofHidden, { place: '/party/0/phone/0', reason: 'confirm_identity' })).status]).toEqual([who, 404]);
  });

  it('counts with those of cases, and more than anybody needs are refused and told', async () => {
    const account = (await behindTheWall<{ user_id: string }>(site.db, "select actor_id as user_id from audit_events where action = 'message.number_shown' and details ->> 'reason' = 'answer_county'"))[0]?.user_id ?? '';
    await behindTheWall(site.db, `insert into identifier_reveals (agency_id, reveal_id, shown_to, shown_at, case_id, county, participant_id, type, reason)
      select $1, 'rvl_' || n, $2, now(), 'C-1', '06037', 'p1', 'SSN', 'confirm_identity' from generate_series(1, $3::int) n`, [site.ctx.actor.agency, account, REVEALS_PER_HOUR - 2]);
    const again = async () => (await askOf('officer_la', update, { place: '/party/0/email/0', reason: 'confirm_identity' }));
    expect([(await again()).status, (await again()).status]).toEqual([200, 409]);
    const refused = await again();
    expect([refused.text.includes('supervisors have been notified'), FULL.test(refused.text)]).toEqual([true, false]);
    expect((await written('message.number_refused'))[0]?.details).toEqual({ count: REVEALS_PER_HOUR, limit: REVEALS_PER_HOUR });
    expect(await pageOf('supervisor', '/queue')).toContain(`was shown ${REVEALS_PER_HOUR} masked numbers`);
  });
});
