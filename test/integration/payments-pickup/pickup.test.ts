import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { checkExpected, expirePickedUp, listAlarms, listMissing, listPickup, pickUpFiles } from '../../../src/modules/payments/index.ts';
import { officeDays } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { listOf, lyingIn, pickupFolder, remittance } from '../../support/payments/pickup.ts';

let db: TestDatabase;
let ctx: Ctx;
let place: string;
// Long after the files of these tests were written.
const LATER = '2030-03-20T18:00:00Z';

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { now: LATER, kind: 'system', id: 'job:pickup' });
  place = pickupFolder(db, 'consulate-la');
});

const put = (name: string, text: string, at = place): void => writeFileSync(join(at, name), text);
const events = () => behindTheWall<{ name: string }>(db, "select name from outbox_events where name like 'pickup.%' order by event_id").then((rows) => rows.map((row) => row.name));
const pick = async (as = ctx) => (await pickUpFiles(as)).folders.flatMap((folder) => folder.files.map((file) => [file.fileName, file.state, file.refusal]));

describe('a file in its folder', () => {
  it('is kept, imported as what it is and moved to done', async () => {
    put('cobros marzo.csv', listOf(remittance('R1'), remittance('R2')));
    const { folders } = await pickUpFiles(ctx);
    expect(folders[0]?.files).toEqual([expect.objectContaining({ fileName: 'cobros marzo.csv', state: 'imported', fileKind: 'remittance', lineCount: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })]);
    expect([lyingIn(place), lyingIn(place, 'done'), lyingIn(place, 'processing'), lyingIn(place, 'refused')]).toEqual([['done', 'processing'], ['cobros marzo.csv'], [], []]);
    expect(await behindTheWall(db, 'select file_name, kind, lines, partner_id from received_files')).toEqual([{ file_name: 'cobros marzo.csv', kind: 'remittance', lines: 2, partner_id: 'mx-consulate-los-angeles' }]);
    expect(await events()).toEqual(['pickup.file_imported']);
    expect(await behindTheWall(db, "select action, actor_id, details->>'state' as state from audit_events where action = 'pickup.file_settled'")).toEqual([{ action: 'pickup.file_settled', actor_id: 'job:pickup', state: 'imported' }]);
    expect(await pick()).toEqual([]);
  });

  it('that was known already is told as such and changes nothing', async () => {
    put('a.csv', listOf(remittance('R1')));
    await pick();
    put('b.csv', listOf(remittance('R1')));
    expect(await pick()).toEqual([['b.csv', 'repeated', null]]);
    expect([lyingIn(place, 'done'), (await behindTheWall(db, 'select 1 from payment_lines')).length]).toEqual([['a.csv', 'b.csv'], 1]);
  });

  it('is refused with a text in the language of the sender, and nothing of it is booked', async () => {
    put('carta.csv', 'Estimados señores:\nadjunto la lista.\n');
    expect(await pick()).toEqual([['carta.csv', 'refused', expect.stringMatching(/^payments\./)]]);
    expect(lyingIn(place, 'refused')).toEqual(['carta.csv', 'carta.csv.txt']);
    const text = readFileSync(join(place, 'refused', readdirSync(join(place, 'refused')).find((name) => name.endsWith('.txt')) ?? ''), 'utf8');
    expect(text).toMatch(/^No se recibió el archivo “carta\.csv” del 20 de marzo de 2030/);
    expect(text).toMatch(/No se registró nada de este archivo/);
    expect(text).toMatch(/SHA-256: [0-9a-f]{64}/);
    expect(await events()).toEqual(['pickup.file_refused']);
    expect(await behindTheWall(db, 'select 1 from received_files')).toEqual([]);
  });

  it('of a bank, of a register and of Korea goes where it belongs', async () => {
    const [bank, register, korea] = [pickupFolder(db, 'bank', { takes: 'bank', partnerId: undefined }), pickupFolder(db, 'sdu', { takes: 'disbursements', partnerId: undefined }), pickupFolder(db, 'kcsa', { partnerId: 'kr-kcsa' })];
    put('stmt.xml', '<nothing/>', bank);
    put('register.csv', 'disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method\nD1,B1,2000004103714,kr-kcsa,Kim,10.00,USD,2026-03-01,consulate\n', register);
    put('목록.csv', '아무것도 아님\n', korea);
    expect((await pick()).sort()).toEqual([['register.csv', 'imported', null], ['stmt.xml', 'refused', expect.any(String)], ['목록.csv', 'refused', expect.any(String)]]);
    expect(readFileSync(join(korea, 'refused', readdirSync(join(korea, 'refused')).find((name) => name.endsWith('.txt')) ?? ''), 'utf8')).toMatch(/접수하지 못했습니다/);
  });
});

describe('what is not taken', () => {
  it('is still being written: temporary names, and files that changed just now', async () => {
    for (const name of ['a.csv.part', '.hidden.csv', 'b.tmp', 'c.csv.filepart', '~lock.csv']) put(name, listOf(remittance('R1')));
    expect(await pick()).toEqual([]);
    put('fresh.csv', listOf(remittance('R2')));
    const { folders } = await pickUpFiles({ ...ctx, clock: { now: () => new Date() } });
    expect(folders[0]?.skipped).toEqual([{ fileName: 'fresh.csv', code: 'pickup.still_written' }]);
    expect(await pick()).toEqual([['fresh.csv', 'imported', null]]);
  });

  it('is a link, a pipe, a folder or a file with a second name', async () => {
    writeFileSync(join(db.dataDir, 'secret.csv'), listOf(remittance('SECRET')));
    symlinkSync(join(db.dataDir, 'secret.csv'), join(place, 'link.csv'));
    linkSync(join(db.dataDir, 'secret.csv'), join(place, 'twin.csv'));
    mkdirSync(join(place, 'folder.csv'));
    execFileSync('mkfifo', [join(place, 'pipe.csv')]);
    const { folders } = await pickUpFiles(ctx);
    expect(folders[0]?.files).toEqual([]);
    expect(folders[0]?.skipped.map((each) => each.code)).toEqual(['pickup.symbolic_link', 'pickup.not_a_file', 'pickup.hard_link']);
    expect((await listAlarms(ctx)).map((alarm) => [alarm.code, alarm.params['count']])).toEqual([['pickup.odd_entries', 3]]);
    expect(await behindTheWall(db, 'select 1 from kept_files')).toEqual([]);
  });

  it('is a link that somebody put among the files being worked on', async () => {
    writeFileSync(join(db.dataDir, 'secret.csv'), listOf(remittance('SECRET')));
    mkdirSync(join(place, 'processing'));
    symlinkSync(join(db.dataDir, 'secret.csv'), join(place, 'processing', 'pck_01ARZ3NDEKTSV4RRFFQ69G5FAV.x.csv'));
    expect(await pick()).toEqual([['x.csv', 'refused', 'pickup.not_a_file']]);
    expect(await behindTheWall(db, 'select 1 from kept_files')).toEqual([]);
  });

  it('lies where links would lead what we move somewhere else', async () => {
    mkdirSync(join(db.dataDir, 'elsewhere'));
    symlinkSync(join(db.dataDir, 'elsewhere'), join(place, 'done'));
    put('a.csv', listOf(remittance('R1')));
    expect((await pickUpFiles(ctx)).folders[0]?.fault).toBe('pickup.folder_unsafe');
    expect([lyingIn(db.dataDir, 'elsewhere'), (await listAlarms(ctx, { onlyOpen: true })).map((alarm) => alarm.code)]).toEqual([[], ['pickup.folder_unsafe']]);
  });

  it('does not fit the pattern', async () => {
    pickupFolder(db, 'consulate-la', { pattern: 'COBROS*.csv' });
    put('cobros_1.csv', listOf(remittance('R1')));
    put('notes.txt', 'nothing');
    expect(await pick()).toEqual([['cobros_1.csv', 'imported', null]]);
    expect(lyingIn(place)).toEqual(['done', 'notes.txt', 'processing']);
  });
});

describe('names and sizes that nobody expects', () => {
  it('are made safe: control characters, paths, other encodings, length', async () => {
    const names = [Buffer.from('..a\nb.csv'), Buffer.from('-rf ; $(x).csv'), Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from('.csv')]), Buffer.from(`${'ñ'.repeat(120)}.csv`), Buffer.from(`${'송'.repeat(80)}.csv`)];
    names.forEach((name, i) => writeFileSync(Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0x41 + i]), name]), listOf(remittance(`R${i}`))));
    const picked = await pick();
    expect(picked.map(([, state]) => state)).toEqual(Array(5).fill('imported'));
    for (const [name] of picked) expect(String(name)).toMatch(/^[\p{L}\p{N} ._()+-]{1,100}$/u);
    expect(lyingIn(place)).toEqual(['done', 'processing']);
  });

  it('a file that is too large is refused without being read', async () => {
    put('huge.csv', '');
    truncateSync(join(place, 'huge.csv'), 300 * 1024 * 1024);
    expect(await pick()).toEqual([['huge.csv', 'refused', 'file.too_large']]);
    expect(await behindTheWall(db, 'select 1 from kept_files')).toEqual([]);
  });

  it('an empty file is refused', async () => {
    put('empty.csv', '');
    expect(await pick()).toEqual([['empty.csv', 'refused', 'payments.empty']]);
  });
});

describe('several processes at once', () => {
  it('two workers on one file: one takes it, once', async () => {
    for (let n = 0; n < 8; n++) put(`list${n}.csv`, listOf(remittance(`R${n}`)));
    const all = await Promise.all([1, 2, 3, 4].map((n) => pickUpFiles({ ...ctx, actor: { ...ctx.actor, id: `job:${n}` } })));
    await pickUpFiles(ctx);
    const taken = all.flatMap((one) => one.folders.flatMap((folder) => folder.files));
    expect(taken.length).toBe(8);
    expect((await behindTheWall(db, "select 1 from picked_up_files where state = 'imported'")).length).toBe(8);
    expect((await behindTheWall(db, 'select 1 from payment_lines')).length).toBe(8);
    expect(all.some((one) => one.folders[0]?.isBusy)).toBe(true);
  });
});

describe('settings', () => {
  it('that are wrong are told, and hide no other folder', async () => {
    writeFileSync(join(db.dataDir, 'pickup', 'broken.json'), '{');
    pickupFolder(db, 'nobody', { partnerId: 'nobody' });
    pickupFolder(db, 'no-partner', { partnerId: undefined });
    put('a.csv', listOf(remittance('R1')));
    const result = await pickUpFiles(ctx);
    expect(result.findings.map((finding) => [finding.code, finding.path])).toEqual([['pickup.settings_unreadable', 'broken.json#/'], ['pickup.partner_missing', 'no-partner.json#/partnerId'], ['pickup.partner_unknown', 'nobody.json#/partnerId']]);
    expect(result.folders.map((folder) => folder.files.length)).toEqual([1]);
    expect((await listAlarms(ctx)).map((alarm) => alarm.code)).toContain('pickup.settings_invalid');
  });

  it('lead nowhere outside: neither by dots, nor by an absolute path, nor by a link', async () => {
    for (const folder of ['../..', '/etc', '.']) {
      pickupFolder(db, 'consulate-la', { folder });
      expect((await pickUpFiles(ctx)).folders[0]?.fault).toBe('pickup.folder_outside');
    }
    symlinkSync('/etc', join(db.dataDir, 'pickup', 'out'));
    pickupFolder(db, 'consulate-la', { folder: 'out' });
    expect((await pickUpFiles(ctx)).folders[0]?.fault).toBe('pickup.folder_outside');
    pickupFolder(db, 'consulate-la', { folder: 'gone' });
    expect((await pickUpFiles(ctx)).folders[0]?.fault).toBe('pickup.folder_missing');
  });

  it('of a folder that cannot be used are told, and the other folders go on', async () => {
    const other = pickupFolder(db, 'zz-other', { partnerId: 'mx-consulate-calexico' });
    writeFileSync(join(place, 'processing'), 'a file where a folder should be');
    put('a.csv', listOf(remittance('R1')));
    put('b.csv', listOf(remittance('R2')), other);
    expect((await pickUpFiles(ctx)).folders.map((folder) => [folder.fault, folder.files.length])).toEqual([['pickup.folder_unsafe', 0], [null, 1]]);
  });

  it('may name a folder that the operator allows', async () => {
    const root = join(db.dataDir, 'srv');
    mkdirSync(join(root, 'la'), { recursive: true });
    put('a.csv', listOf(remittance('R1')), join(root, 'la'));
    pickupFolder(db, 'consulate-la', { folder: join(root, 'la') });
    expect((await pickUpFiles(ctx)).folders[0]?.fault).toBe('pickup.folder_outside');
    const allowing = { ...ctx, config: { ...ctx.config, pickupRoots: [root] } };
    expect(await pick(allowing)).toEqual([['a.csv', 'imported', null]]);
    expect((await listAlarms(ctx, { onlyOpen: true }))).toEqual([]);
  });

  it('are not for everybody', async () => {
    await expect(pickUpFiles(testCtx(db, { roles: ['attorney'] }))).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(pickUpFiles(ctx, { pickupId: 'none' })).rejects.toMatchObject({ code: 'pickup.unknown' });
    await expect(listPickup(testCtx(db, { roles: ['partner_officer'], partner: 'mx-sre' }))).rejects.toMatchObject({ code: 'access.forbidden' });
  });
});

describe('expected and not received', () => {
  // Fridays by five in the afternoon in Los Angeles, with four hours of grace.
  const expected = { weekdays: [5], by: '17:00', timeZone: 'America/Los_Angeles', afterHours: 4, since: '2030-03-01', calendars: ['mx'] };
  const at = (now: string) => ({ ...ctx, clock: { now: () => new Date(now) } });
  const open = async () => (await listAlarms(ctx, { onlyOpen: true })).map((alarm) => [alarm.code, alarm.aboutOn, alarm.subject]);
  beforeEach(() => { place = pickupFolder(db, 'consulate-la', { expected }); });

  it('raises one alarm, once, after its hours of grace, and ends it when the file comes', async () => {
    expect(await checkExpected(at('2030-03-02T04:59:00Z'), officeDays)).toBe(0);
    expect(await listMissing(at('2030-03-02T04:59:00Z'), officeDays)).toEqual([expect.objectContaining({ pickupId: 'consulate-la', on: '2030-03-01', isAlarm: false })]);
    expect(await checkExpected(at('2030-03-02T05:01:00Z'), officeDays)).toBe(1);
    expect(await checkExpected(at('2030-03-02T06:30:00Z'), officeDays)).toBe(0);
    expect(await open()).toEqual([['pickup.not_received', '2030-03-01', 'consulate-la']]);
    put('late.csv', listOf(remittance('R1')));
    await pickUpFiles(at('2030-03-04T18:00:00Z'));
    expect(await checkExpected(at('2030-03-04T18:01:00Z'), officeDays)).toBe(0);
    expect(await open()).toEqual([]);
    expect((await behindTheWall<{ name: string }>(db, "select name from outbox_events where name = 'alarm.raised'")).length).toBe(1);
  });

  it('is quiet on days off: what would fall on one is expected on the next open day', async () => {
    pickupFolder(db, 'consulate-la', { expected: { ...expected, weekdays: [1], since: '2030-03-11' } });
    // Monday, 18 March 2030, is Benito Juárez's day.
    expect(await listMissing(at('2030-03-19T07:00:00Z'), officeDays)).toEqual([expect.objectContaining({ on: '2030-03-11' })]);
    expect((await listMissing(at('2030-03-20T06:00:00Z'), officeDays)).map((file) => file.on)).toEqual(['2030-03-11', '2030-03-19']);
  });

  it('wakes nobody on a day off: the alarm of a Friday evening is raised on Monday', async () => {
    pickupFolder(db, 'consulate-la', { expected: { ...expected, afterHours: 12 } });
    expect(await checkExpected(at('2030-03-02T20:00:00Z'), officeDays)).toBe(0);
    expect(await checkExpected(at('2030-03-04T15:00:00Z'), officeDays)).toBe(1);
  });

  it('counts files that somebody imported by hand', async () => {
    const { importPayments } = await import('../../../src/modules/payments/index.ts');
    await importPayments(at('2030-03-01T20:00:00Z'), { partnerId: 'mx-consulate-los-angeles', fileName: 'hand.csv', source: Buffer.from(listOf(remittance('R9'))) });
    expect(await checkExpected(at('2030-03-05T20:00:00Z'), officeDays)).toBe(0);
  });
});

it('takes away what has lain in done long enough, and nothing else', async () => {
  put('a.csv', listOf(remittance('R1')));
  await pick();
  writeFileSync(join(place, 'done', 'mine.csv'), 'of somebody');
  expect(await expirePickedUp({ ...ctx, clock: { now: () => new Date() } })).toBe(0);
  expect(await expirePickedUp({ ...ctx, clock: { now: () => new Date('2031-01-01T00:00:00Z') } })).toBe(1);
  expect(lyingIn(place, 'done')).toEqual(['mine.csv']);
});
