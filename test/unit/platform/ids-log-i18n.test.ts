import { Writable } from 'node:stream';
import { QueryFailedError } from 'typeorm';
import { AppError } from '../../../src/platform/errors.ts';
import { isId, newId } from '../../../src/platform/ids.ts';
import { languageFor, translator, wordsForCode } from '../../../src/platform/i18n.ts';
import { createLogger } from '../../../src/platform/log.ts';

function captured(act: (log: ReturnType<typeof createLogger>) => void): string {
  const chunks: string[] = [];
  act(createLogger('info', new Writable({ write(chunk, _encoding, done) { chunks.push(String(chunk)); done(); } })));
  return chunks.join('');
}

describe('ids', () => {
  it('sort in the order in which they were made, also within one millisecond', () => {
    const ids = Array.from({ length: 2000 }, () => newId('ref'));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(2000);
  });

  it('are told from anything else', () => {
    expect(isId('ref', newId('ref'))).toBe(true);
    expect(isId('pkt', newId('ref'))).toBe(false);
    expect(isId('ref', "ref_' OR 1=1 --            ")).toBe(false);
  });
});

describe('log', () => {
  it('censors personal fields wherever they slip in', () => {
    const text = captured((log) => log.info({ participant: { given: 'CANARY-GIVEN', identifiers: { value: 'CANARY-SSN' } }, name: 'CANARY-NAME', caseId: 'C1' }, 'seen'));
    expect(text).not.toMatch(/CANARY/);
    expect(text).toMatch(/"caseId":"C1"/);
  });

  it('leaves out what a driver quotes in its message', () => {
    const cause = Object.assign(new Error('duplicate key value violates … Key (ssn)=(CANARY-919)'), { detail: 'CANARY-919', code: '23505' });
    const text = captured((log) => log.error({ err: new AppError('conflict', 'case.duplicate', { cause }) }, 'refused'));
    expect(text).not.toMatch(/CANARY/);
    expect(text).toMatch(/23505/);
    expect(text).toMatch(/case\.duplicate/);
  });
});

describe('log of a failed query', () => {
  const driver = Object.assign(new Error('invalid input syntax for type date: "CANARY-1\n    at CANARY-2"'), { code: '22007', detail: 'CANARY-3', where: 'CANARY-4' });

  it('knows its class, code and stack, not its statement, parameters and message', () => {
    const text = captured((log) => log.error({ err: new QueryFailedError('select $1 -- CANARY-5', ['CANARY-6', { given: 'CANARY-7' }], driver) }, 'fault'));
    expect(text).not.toMatch(/CANARY/);
    expect(JSON.parse(text)).toMatchObject({ err: { type: 'QueryFailedError', code: '22007', stack: expect.arrayContaining([expect.stringMatching(/^at /)]) } });
  });

  it('also as the cause of another, and where its message was changed afterwards', () => {
    const failed = new QueryFailedError('select 1', ['CANARY-6'], driver);
    const changed = Object.assign(new Error('CANARY-8\n    at CANARY-9'), { message: 'other' });
    expect(captured((log) => log.error({ err: new AppError('conflict', 'a.b', { cause: failed }) }, 'fault')).concat(captured((log) => log.error({ err: changed }, 'fault')))).not.toMatch(/CANARY/);
  });
});

describe('words', () => {
  it('stand in all three languages', () => {
    expect(translator('es-MX')('cli:serve.listening', { url: 'http://x' })).toBe('Puente está en http://x');
    expect(wordsForCode('ko-KR', 'errors', 'access.forbidden')).toMatch(/허용되지/);
  });

  it('fall back to the code, so that nothing is swallowed', () => {
    expect(wordsForCode('en', 'findings', 'never.heard_of')).toBe('never.heard_of');
  });

  it('a missing key is a fault', () => {
    expect(() => translator('en')('cli:not.there')).toThrow(/no words/);
  });

  it('pick the language that a browser or a shell asks for', () => {
    expect(languageFor('es_MX.UTF-8')).toBe('es-MX');
    expect(languageFor('fr-FR, ko;q=0.8')).toBe('ko-KR');
    expect(languageFor('C')).toBe('en');
  });
});
