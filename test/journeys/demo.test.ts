import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../src/main.ts';
import { verifyPacket } from '../../src/modules/referrals/index.ts';
import { environmentWith, loadConfig } from '../../src/platform/config.ts';
import { inTransaction } from '../../src/platform/context.ts';

const folders: string[] = [];

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'puente-demo-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs the demo as a person would. With `killAt` it is killed, as a power cut would, as soon as it has printed that. */
function demo(folder: string, killAt?: RegExp): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/puente', 'demo', '--no-serve'], { env: environmentWith({ PUENTE_DATA_DIR: folder, PUENTE_LANGUAGE: 'en', PUENTE_LOG_LEVEL: 'warn' }), stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (killAt?.test(text)) child.kill('SIGKILL');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (code) => resolve({ code, text }));
  });
}

const STATE = {
  cases: 'select case_id, version, status from support_cases order by case_id',
  outcomes: `select f.sha256, o.line_number, o.outcome, o.case_id, o.disbursement_id, o.amount_minor, o.method, o.reasons
    from line_outcomes o join received_files f using (agency_id, file_id) order by f.sha256, o.line_number`,
  transfers: 'select transfer_key, event, occurred_on from ledger_transfers order by transfer_key',
  balances: `select a.code, sum(b.balance_minor) as balance_minor, sum(b.entry_count) as entry_count from ledger_balances b join ledger_accounts a using (agency_id, account_id) group by a.code order by a.code`,
  proposals: 'select case_id, amount_minor, status from posting_proposals order by case_id, amount_minor',
  referrals: 'select case_id, partner_id, services, status from referrals order by partner_id, case_id, services',
  journey: `select (select count(*) from referral_interviews) as interviews, (select count(*) from referral_attachments where state = 'current') as papers,
    (select count(*) from translation_approvals) as approvals, (select count(*) from packets) as packets, (select count(*) from packet_deliveries) as deliveries,
    (select count(*) from referral_moves) as moves`,
  exchange: `select kind, direction, state, (select count(*) from exchange_receipts r where r.message_id = m.message_id) as receipts from exchange_messages m order by kind, direction`,
  counter: 'select state, (select count(*) from inquiry_answers) as answers from inquiries',
  programs: 'select partner_id, name from partner_clients',
};

/** What the business would call the end state: no ids made by chance, no instants. */
async function endState(folder: string): Promise<Record<string, unknown[]>> {
  const app = await openApp(loadConfig({ PUENTE_DATA_DIR: folder, PUENTE_LOG_LEVEL: 'warn' }));
  try {
    return await inTransaction(app.ctx, async ({ tx }) => {
      const state: Record<string, unknown[]> = {};
      for (const [name, sql] of Object.entries(STATE)) {
        const rows: Record<string, string>[] = await tx.query(sql);
        // A credit's key is a keyed hash: each installation has its own.
        state[name] = rows.map((row) => JSON.stringify(row).replace(/\b[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}\b/g, '(id)').replace(/credit:[0-9a-f]{40}/, 'credit:(hash)')).sort();
      }
      return state;
    });
  } finally {
    await app.close();
  }
}

// One that nothing disturbed; what is told again, and what was killed, must end as it did.
const folder = dataDir();
let first: Awaited<ReturnType<typeof demo>>;
let state: Awaited<ReturnType<typeof endState>>;
beforeAll(async () => {
  first = await demo(folder);
  state = await endState(folder);
}, 120_000);

it('tells the whole story, and tells the same one again', async () => {
  expect(first).toMatchObject({ code: 0 });
  expect(first.text).toMatch(/signature and every digest verified/);
  expect(first.text).not.toMatch(/verification FAILED/);
  expect(first.text).toMatch(/receipt verified offline/);
  expect(first.text).toMatch(/5 messages, \d+ signed receipts/);
  expect(first.text).toMatch(/Ledger: entries sum to zero/);
  expect(first.text).toMatch(/agree with the ledger to the cent/);
  expect(state['outcomes']?.length).toBeGreaterThan(200);

  const second = await demo(folder);
  expect(second).toMatchObject({ code: 0 });
  expect(await endState(folder)).toEqual(state);

  const packets = readdirSync(join(folder, 'demo', 'packets'));
  expect(packets).toHaveLength(7);
  for (const name of packets) expect(verifyPacket(readFileSync(join(folder, 'demo', 'packets', name))).isIntact).toBe(true);
  expect(statSync(join(folder, 'demo', 'password')).mode & 0o077).toBe(0);
  const [pages] = /(\d+) pages — .*\/packets\/ref_/.exec(first.text.slice(first.text.indexOf('One referral from start to finish')))?.slice(1).map(Number) ?? [];
  expect(pages).toBeGreaterThan(12);
  const printed = readdirSync(join(folder, 'demo', 'printed'));
  expect(printed).toHaveLength(1);
  expect(readFileSync(join(folder, 'demo', 'printed', printed[0] as string)).subarray(0, 5).toString()).toBe('%PDF-');
}, 180_000);

it('killed anywhere and started again, it ends where an undisturbed one ends', async () => {
  const disturbed = dataDir();
  const moments = [/Cases: /, /Packet for kr/, /Gathered: /, /Sealed: /, /Acknowledged with/, /kcsa_remittance_2/];
  for (const moment of moments) expect((await demo(disturbed, moment)).text).toMatch(moment);
  expect(await demo(disturbed)).toMatchObject({ code: 0 });
  expect(await endState(disturbed)).toEqual(state);
}, 420_000);
