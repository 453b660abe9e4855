import { assertCodesOnly } from '../../../src/modules/audit/audit-event.rules.ts';
import type { AuditDetails } from '../../../src/modules/audit/index.ts';
import { parseAnchor } from '../../../src/modules/audit/index.ts';

const event = { action: 'cases.imported', subject: { type: 'file', id: 'fil_1' } };

describe('what an audit event may hold', () => {
  it.each<AuditDetails>([{ lines: 3 }, { isApproved: true, reason: null }, { roles: ['attorney', 'supervisor'] }, { sha256: 'ab12', on: '2026-11-22', path: '/participants/0' }])('takes ids, codes and counts: %j', (details) => {
    expect(() => assertCodesOnly({ ...event, details })).not.toThrow();
  });

  it.each<AuditDetails>([{ name: 'José' }, { mail: 'a@b.mx' }, { native: '김민수' }, { note: 'x'.repeat(201) }, { list: ['ok', 'señora'] }])('stops on what could be personal: %j', (details) => {
    expect(() => assertCodesOnly({ ...event, details })).toThrow('fault');
  });

  it('stops on an action that is no dotted word, and on a subject without an id', () => {
    expect(() => assertCodesOnly({ ...event, action: 'Imported' })).toThrow('fault');
    expect(() => assertCodesOnly({ ...event, subject: { type: 'file', id: '' } })).toThrow('fault');
  });
});

describe('an anchor', () => {
  it('is read as it is printed, and nothing else is one', () => {
    const hash = 'ab'.repeat(32);
    expect(parseAnchor(` 12:${hash}\n`)).toEqual({ seq: 12n, hash });
    for (const text of ['', '12', `x:${hash}`, `12:${hash}0`, `-1:${hash}`, `12:${hash.toUpperCase()}`]) expect(parseAnchor(text)).toBeNull();
  });
});
