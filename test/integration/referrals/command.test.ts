import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKeyFile } from '../../../src/platform/keys.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { commandLine } from '../../support/command-line.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

interface Ended { readonly code: number; readonly json: Record<string, unknown>; readonly stderr: string }

it('opens, builds and verifies a packet as scripts call it, and tells by exit code what needs a person', async () => {
  const line = await commandLine();
  const folder = line.db.dataDir;
  const puente = async (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> => {
    const { code, lines, stderr } = await line.puente(words, env);
    return { code, json: lines.at(-1) ?? {}, stderr };
  };
  const extract = join(folder, 'cases.ndjson');
  writeFileSync(extract, extractOf([aMexicanCase({ caseId: 'IM-1' }), aMexicanCase({ caseId: 'IM-2', orders: [] })]));
  expect(await puente(['cases', 'import', extract, '--json'])).toMatchObject({ json: { imported: 2 } });
  const create = (caseId: string): Promise<Ended> => puente(['referrals', 'create', '--case', caseId, '--partner', 'mx-consulate-calexico', '--service', 'enforce', 'collect_forward', '--json']);
  const created = await create('IM-1');
  expect([created.code, created.json.status]).toEqual([0, 'draft']);
  const referralId = String(created.json.referralId);
  const out = join(folder, 'new', 'deep');
  const built = await puente(['packets', 'build', referralId, '--out', out, '--json']);
  expect(built).toMatchObject({ code: 0, json: { referralId, file: join(out, `${referralId}.asice`) } });
  const file = String(built.json.file);
  const copy = await puente(['packets', 'read', referralId, '--out', out, '--json']);
  expect(copy).toMatchObject({ code: 0, json: { referralId, packetId: built.json.packetId, file: join(out, `${referralId}-reading.pdf`) } });
  expect(readFileSync(String(copy.json.file)).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await puente(['packets', 'verify', file, '--json'], { DATABASE_URL: '', PUENTE_KEYS: '', PUENTE_DATA_DIR: join(folder, 'never-made') })).toMatchObject({ code: 0, json: { isIntact: true, signer: { trust: 'unchecked' }, findings: [{ code: 'signature.signer_unchecked', severity: 'warn' }] } });
  expect(existsSync(join(folder, 'never-made'))).toBe(false);
  expect(await puente(['packets', 'verify', file, '--json'])).toMatchObject({ code: 0, stderr: expect.stringContaining('signed by this installation'), json: { signer: { trust: 'own' }, findings: [] } });
  const stranger = join(folder, 'stranger.json');
  writeFileSync(stranger, JSON.stringify(await newKeyFile()));
  const elsewhere = await puente(['packets', 'verify', file, '--json'], { PUENTE_KEYS: stranger });
  expect(elsewhere).toMatchObject({ code: 0, stderr: expect.stringContaining('signed by someone else'), json: { findings: [{ code: 'signature.signer_not_ours', severity: 'warn' }] } });
  expect(elsewhere.stderr).not.toContain('Intact');
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
  writeFileSync(join(folder, 'changed.asice'), bytes);
  expect((await puente(['packets', 'verify', join(folder, 'changed.asice')])).code).toBe(3);
  expect((await puente(['packets', 'verify', join(folder, 'none.asice')])).code).toBe(3);

  const blocked = await create('IM-2');
  expect(blocked.code).toBe(10);
  const refused = await puente(['packets', 'build', String(blocked.json.referralId), '--out', out, '--json']);
  expect([refused.code, refused.json.packetId]).toEqual([10, null]);
  expect(refused.stderr).toContain('needs a support order');
  expect((await create('IM-9')).code).toBe(3);
  expect((await puente(['referrals', 'create', '--case', 'IM-1'])).code).toBe(2);
}, 180_000);
