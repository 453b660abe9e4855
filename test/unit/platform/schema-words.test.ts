import { AppError } from '../../../src/platform/errors.ts';
import type { Finding } from '../../../src/platform/errors.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import { messageToXml, readMessage } from '../../../src/modules/exchange/messages/index.ts';
import type { Message } from '../../../src/modules/exchange/messages/index.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const message = (body: object): object => ({
  version: '1.1', messageId: 'CLX-1', serial: '000000000001', conversation: 'CLX', sentAt: '2026-11-20T11:59:00Z', datedOn: '2026-11-20',
  from: { partnerId: 'mx-consulate-calexico', country: 'MX', fileNumber: '7', name: [{ lang: 'es-MX', value: 'Consulado' }] }, to: { county: '06025', fileNumber: 'IM-1', name: [{ lang: 'en', value: 'County' }] }, ...body,
});

function findingsOf(bytes: Uint8Array): readonly Finding[] {
  try {
    readMessage(bytes, { now: NOW });
  } catch (error) {
    if (error instanceof AppError) return error.findings;
    throw error;
  }
  return [];
}

const ofJson = (body: object): string[] => findingsOf(Buffer.from(JSON.stringify(message(body)), 'utf8')).map(({ code, params }) => wordsForCode('en', 'findings', code, params));

test.each([
  [{ statusReport: { asOf: '2026-11-20' } }, '“/statusReport/state” is missing'],
  [{ statusReport: { state: 'in_progress', asOf: '2026-11-20', reason: 'x' } }, /^“\/statusReport\/reason” is not known here; allowed: .*\basOf\b/],
  [{ statusReport: { state: 'in_progress', asOf: '2026-11-20', 'Juan 123-45-6789': 'x' } }, /^“\/statusReport\/\*” is not known here; allowed: /],
  [{ acknowledgment: { status: 'done', receivedOn: '2026-11-20' } }, '“/acknowledgment/status” has a value that is not known here; allowed: complete | missing_items | forwarded | case_not_recognised'],
  [{ acknowledgment: { status: 'case_not_recognised', receivedOn: '2026-11-20', notRecognised: ['x'.repeat(501)] } }, '“/acknowledgment/notRecognised/0” is too long: 500 characters at most'],
  [{ acknowledgment: { status: 'complete', receivedOn: 5 } }, '“/acknowledgment/receivedOn” has the wrong type; expected: string'],
])('what is wrong with %j is said in words', (body, expected) => {
  expect(ofJson(body)).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
});

test('the same of XML, in every language', () => {
  const xml = messageToXml(message({ statusReport: { state: 'in_progress', asOf: '2026-11-20' } }) as unknown as Message).toString('utf8').replace(' state="in_progress"', '');
  const [finding] = findingsOf(Buffer.from(xml, 'utf8'));
  const said = LANGUAGES.map((language) => wordsForCode(language, 'findings', finding?.code ?? '', finding?.params));
  expect(said).toEqual(expect.arrayContaining(['“statusReport/@state” is missing', 'falta “statusReport/@state”', '“statusReport/@state”: 누락되었습니다']));
});
