import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { aLockedPaper, aPaper } from '../../support/referrals/paper-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'puente-attach-'));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended { readonly code: number; readonly lines: Record<string, unknown>[]; readonly stderr: string }

function puente(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', PUENTE_DATA_DIR: join(folder, 'data') };
    execFile(process.execPath, ['bin/puente', ...words, '--json'], { env }, (error, stdout, stderr) => {
      const lines = stdout.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, lines, stderr });
    });
  });
}

it('attaches and lists papers as scripts call it, and tells by exit code what was refused and what needs a person', async () => {
  const put = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  await puente('cases', 'import', put('cases.ndjson', extractOf([aMexicanCase({ caseId: 'IM-1' })])));
  const created = await puente('referrals', 'create', '--case', 'IM-1', '--partner', 'mx-consulate-calexico', '--service', 'enforce');
  const referral = String(created.lines.at(-1)?.['referralId']);
  const paper = put('order.pdf', await aPaper());
  const attached = await puente('referrals', 'attach', referral, paper, '--kind', 'certified_order', '--title', 'Judgment', '--language', 'en');
  expect([attached.code, attached.lines]).toEqual([0, [expect.objectContaining({ pages: 2, mediaType: 'application/pdf', alreadyAttached: false })]]);
  const locked = await puente('referrals', 'attach', referral, put('locked.pdf', await aLockedPaper()), '--kind', 'other', '--about', 'P1');
  expect([locked.code, locked.lines[0]]).toEqual([3, { attachmentId: null, error: 'attachment.refused', params: {}, findings: [{ code: 'attachment.encrypted', severity: 'block' }] }]);
  expect(locked.stderr).toContain('locked with a password');
  const unknown = await puente('referrals', 'attach', referral, paper, '--kind', 'passport');
  expect([unknown.code, unknown.stderr.includes('birth_certificate')]).toEqual([3, true]);
  expect((await puente('referrals', 'attach', referral, join(folder, 'gone.pdf'), '--kind', 'other')).code).not.toBe(0);
  const listed = await puente('referrals', 'attachments', referral);
  expect(listed.code).toBe(10);
  expect(listed.lines.map(({ number, state, kind }) => [number, state, kind])).toEqual([[1, 'current', 'certified_order'], [2, 'refused', 'other']]);
  expect(listed.stderr).toContain('it has no translation');
}, 120_000);
