import { runJob, startJobs } from '../../../src/jobs/index.ts';
import type { Job } from '../../../src/jobs/index.ts';
import { relayOnce } from '../../../src/jobs/relay.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { openQueues } from '../../../src/platform/jobs.ts';
import type { JobData, Queues } from '../../../src/platform/jobs.ts';
import { emit } from '../../../src/platform/outbox.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let ctx: Ctx;
let queues: Queues;
const idle: Job = { name: 'idle', wakesOn: ['packet.sealed'], run: async () => undefined };

beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { kind: 'system' });
  queues = await openQueues(ctx, ['idle']);
});
afterAll(() => queues.close());

const waiting = () => behindTheWall<{ n: number }>(db, 'select count(*)::int as n from outbox_events where relayed_at is null').then((rows) => rows[0]?.n);
const queued = (job: string) => behindTheWall<{ data: JobData }>(db, 'select data from jobs.job where name = $1 order by created_on', [`us-ca/${job}`]);
const say = (packetId: string, name = 'packet.sealed') => inTransaction(ctx, (tx) => emit(tx, name, { packetId }));

describe('the outbox', () => {
  it('says nothing of a transaction that was rolled back', async () => {
    const failing = inTransaction(ctx, async (tx) => {
      await emit(tx, 'packet.sealed', { packetId: 'pkt_1' });
      throw new Error('later');
    });
    await expect(failing).rejects.toThrow('later');
    expect(await waiting()).toBe(0);
  });

  it('wakes the jobs of an event once, even when two relays work at once', async () => {
    await say('pkt_2');
    await say('pkt_2', 'nobody.cares');
    await Promise.all([relayOnce(ctx, queues, [idle]), relayOnce(ctx, queues, [idle])]);
    expect(await relayOnce(ctx, queues, [idle])).toBe(0);
    expect((await queued('idle')).map((row) => row.data)).toEqual([{ eventId: expect.stringMatching(/^evt_/), event: 'packet.sealed', body: { packetId: 'pkt_2' } }]);
  });

  it('keeps the event waiting when its job could not be queued', async () => {
    await say('pkt_3');
    const broken: Pick<Queues, 'send'> = { async send(tx, job, data) { await queues.send(tx, job, data); throw new Error('down'); } };
    await expect(relayOnce(ctx, broken, [idle])).rejects.toThrow('down');
    expect(await waiting()).toBe(1);
    expect(await queued('idle')).toHaveLength(1);
    await relayOnce(ctx, queues, [idle]);
    expect(await queued('idle')).toHaveLength(2);
  });

  it('refuses what is no event name', async () => {
    await expect(say('pkt_4', 'Packet Sealed')).rejects.toThrow('fault');
  });

  it('hides the events of one agency from the relay of another', async () => {
    await say('pkt_5');
    expect(await relayOnce(testCtx(db, { kind: 'system', agency: 'us-nv' }), queues, [idle])).toBe(0);
    expect(await relayOnce(ctx, queues, [idle])).toBe(1);
  });
});

describe('jobs', () => {
  it('runs what an event woke, under its own name, and lets the process end', async () => {
    let arrive: (text: string) => void = () => undefined;
    const arrived = new Promise<string>((resolve) => { arrive = resolve; });
    const job: Job = { name: 'notes', wakesOn: ['note.made'], async run(own, data) { arrive(`${own.actor.id} ${String(data.body['noteId'])}`); } };
    const running = await startJobs(ctx, [job]);
    await inTransaction(ctx, (tx) => emit(tx, 'note.made', { noteId: 'n1' }));
    expect(await arrived).toBe('job:notes n1');
    await running.close();
  });

  it('retries what may pass, and parks what would be refused again', async () => {
    const failing = (error: Error): Job => ({ name: 'failing', wakesOn: [], run: () => Promise.reject(error) });
    const data = { eventId: 'evt_x', event: 'x.y', body: {} };
    expect(await runJob(ctx, failing(new AppError('partner_unavailable', 'a.b')), data)).toBe('retry');
    expect(await runJob(ctx, failing(new AppError('conflict', 'database.busy')), data)).toBe('retry');
    expect(await runJob(ctx, failing(new Error('fault')), data)).toBe('retry');
    expect(await runJob(ctx, failing(new AppError('invalid', 'a.b')), data)).toBe('park');
    expect(await runJob(ctx, idle, data)).toBe('done');
  });

  it('works as a role that owns nothing', async () => {
    const owned = await behindTheWall(db, `select relname from pg_class where pg_get_userbyid(relowner) = 'puente_app'`);
    expect(owned).toEqual([]);
  });
});
