import { ESLint } from 'eslint';
import { derOf } from '../../../src/modules/exchange/evidence/verify-receipt.ts';

const DER = Buffer.from('3003020101', 'hex');
const armoured = (label: string, inside: string, end = label, after = '\n'): Buffer => Buffer.from(`-----BEGIN ${label}-----${inside}-----END ${end}-----${after}`, 'latin1');

describe('a receipt in armour', () => {
  it.each(['CMS', 'PKCS7'])('is taken out of that of %s, however its lines are broken', (label) => {
    for (const inside of [`\n${DER.toString('base64')}\n`, `\r\n\r\n${[...DER.toString('base64')].join('\r\n')}\r\n`, DER.toString('base64')]) expect(derOf(armoured(label, inside))).toEqual(DER);
    expect(derOf(armoured(label, DER.toString('base64'), label, ' \r\n\t'))).toEqual(DER);
  });

  it.each([
    ['nothing', Buffer.alloc(0)], ['no armour', DER], ['nothing inside', armoured('CMS', ' \n ')], ['another end', armoured('CMS', 'AAAA', 'PKCS7')], ['another label', armoured('CERTIFICATE', 'AAAA')],
    ['no end', Buffer.from(`-----BEGIN CMS-----${' '.repeat(65_000)}`)], ['a sign that is none', armoured('CMS', 'AA*A')], ['padding within', armoured('CMS', 'A=AA')], ['more after it', armoured('CMS', 'AAAA', 'CMS', '\nx')],
    ['blanks alone', armoured('CMS', ' '.repeat(65_000), 'X')],
  ])('is left as it is: %s', (_, bytes) => expect(derOf(bytes)).toBe(bytes));
});

it('patterns that can take the square of the time are found wherever strangers are heard', async () => {
  const lint = new ESLint({ overrideConfig: { languageOptions: { parserOptions: { projectService: false } } } });
  const rules = async (path: string): Promise<string[]> => Object.keys((await lint.calculateConfigForFile(path) as { rules: object }).rules).filter((name) => name.startsWith('regexp/')).sort();
  for (const path of ['src/api/v1/index.ts', 'src/http/app.ts', 'src/sftp/server.ts', 'src/modules/exchange/index.ts', 'src/modules/identity/index.ts']) {
    expect(await rules(path)).toEqual(['regexp/no-super-linear-backtracking', 'regexp/no-super-linear-move']);
  }
});
