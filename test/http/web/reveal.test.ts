import { REVEALS_PER_HOUR } from '../../../src/modules/cases/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, PEOPLE, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const { plain, protected: hidden, imperial } = SAMPLE_CASES;
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
