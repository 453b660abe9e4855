import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { translationCommands } from '../../../src/cli/translations.ts';
import { listTexts } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import type { RecordingTerminal } from '../../support/recording-terminal.ts';
import { aReferral, give, statement } from '../../support/referrals/texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'puente-xliff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let ctx: Ctx;
beforeAll(async () => {
  ctx = testCtx(await testDatabase(), { kind: 'system', id: 'operator' });
});

async function run(name: string, args: readonly string[], options: Record<string, string> = {}): Promise<RecordingTerminal & { code: number }> {
  const command = translationCommands.find((one) => one.name === `translations ${name}`);
  if (command?.needs !== 'app') throw new Error(`no command ${name}`);
  const io = recordingTerminal();
  const code = await command.run(io, { args, options }, ctx);
  return { ...io, code };
}

it('writes texts for a translator’s tools, takes them back and approves them', async () => {
  const referral = await aReferral(ctx, 'IM-C1');
  expect((await run('list', [referral.referralId])).lines).toEqual(['The referral has no texts to translate.']);
  await give(ctx, referral, [statement('The obligor left in March. He never paid.')]);
  const [text] = await listTexts(ctx, referral.referralId);
  const textId = text?.textId ?? '';
  const out = join(folder, 'to', 'translate');
  const exported = await run('export', [referral.referralId], { out });
  expect([exported.code, exported.values]).toEqual([0, [[{ textId, file: join(out, `${textId}.xlf`), sentences: 2, translated: 0 }]]]);
  const file = join(out, `${textId}.xlf`);
  expect(statSync(file).mode & 0o077).toBe(0);
  let xml = readFileSync(file, 'utf8');
  for (const target of ['El papá se fue en marzo.', 'Nunca pagó.']) xml = xml.replace(/(<source>[^<]*<\/source>)(?!\s*<target>)/u, `$1<target>${target}</target>`);
  writeFileSync(file, xml);
  expect(await run('import', [referral.referralId, file])).toMatchObject({ code: 0, lines: ['Sentences saved: 2, refused: 0'] });
  writeFileSync(file, xml.replace('Nunca pagó.', 'No pagó.'));
  expect(await run('import', [referral.referralId, file])).toMatchObject({ code: 10, findings: [{ code: 'translation.row_refused' }] });
  const approved = await run('approve', [referral.referralId, textId], { translator: 'Inés Duarte', qualification: 'Certified', on: '2026-11-19' });
  expect(approved).toMatchObject({ code: 0, findings: [{ code: 'translation.term_missing' }], lines: ['Approved. Sentences: 2, of which saved for later texts: 2'] });
  expect((await run('list', [referral.referralId])).lines[0]).toContain('approved');
  await expect(run('import', [referral.referralId, join(folder, 'none.xlf')])).rejects.toMatchObject({ code: 'translation.file_not_read' });
  await expect(run('list', ['ref_none'])).rejects.toMatchObject({ code: 'referral.not_found' });
});
