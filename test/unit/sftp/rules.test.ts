import iconv from 'iconv-lite';
import fc from 'fast-check';
import { Coverage } from '../../../src/sftp/coverage.ts';
import { headOf, Malformed, MessageCutter, tailOf } from '../../../src/sftp/cut-messages.ts';
import { Doorman, groupOf } from '../../../src/sftp/doorman.ts';
import { fileNameOf } from '../../../src/sftp/file-name.ts';
import { finalNameOf, FOLDERS, isHalfName, normalPath, placeOf } from '../../../src/sftp/paths.ts';
import { longName, readRequest } from '../../../src/sftp/wire.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('paths', () => {
  it('never lead out of the tree', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('..', '.', '', 'inbox', 'outbox', 'a', 'picked-up'), { maxLength: 12 }), (parts) => {
      const path = normalPath(parts.join('/')) ?? '';
      expect(path.startsWith('/')).toBe(true);
      expect(path.split('/')).not.toContain('..');
      const place = placeOf(parts.join('/'));
      if (place) expect(FOLDERS).toContain(place.folder);
    }));
  });

  it.each([['a.part', true, 'a'], ['a.xml.filepart', true, 'a.xml'], ['.a.xml', true, 'a.xml'], ['a.xml', false, 'a.xml'], ['a.TMP', true, 'a'], ['.part', true, 'part'], ['a~', true, 'a']])('says of %s whether it is finished', (name, isHalf, final) => {
    expect([isHalfName(name), finalNameOf(name)]).toEqual([isHalf, final]);
  });
});

it('reads names as Korean and Western systems write them', () => {
  expect(fileNameOf(latin1(Buffer.from('송금 명세.csv')))).toBe('송금 명세.csv');
  expect(fileNameOf(latin1(iconv.encode('송금 명세.csv', 'cp949')))).toBe('송금 명세.csv');
  expect(fileNameOf(latin1(iconv.encode('relación.csv', 'windows-1252')))).toBe('relación.csv');
  expect(fileNameOf(latin1(Buffer.from('a\u202e\u0007b')))).toBe('ab');
});

describe('messages', () => {
  it('are the same however they are cut', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (messages, cuts) => {
      const stream = Buffer.concat(messages.flatMap((bytes) => [Buffer.of(0, 0, 0, bytes.length), Buffer.from(bytes)]));
      const cutter = new MessageCutter(100);
      const found: Buffer[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = cuts[turn % cuts.length] as number;
        for (const message of cutter.push(stream.subarray(at, at + size))) {
          expect(headOf(message, 5).subarray(0, Math.min(5, message.length)).equals(Buffer.concat(message.pieces).subarray(0, 5))).toBe(true);
          expect(Buffer.concat(tailOf(message, 3)).equals(Buffer.concat(message.pieces).subarray(3))).toBe(true);
          found.push(Buffer.concat(message.pieces));
        }
        at += size;
      }
      expect(found.map((bytes) => bytes.toString('hex'))).toEqual(messages.map((bytes) => Buffer.from(bytes).toString('hex')));
    }));
  });

  it.each([[0, 'no length'], [101, 'too long'], [0xffffffff, 'the greatest number']])('are refused with the length %d (%s)', (length) => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt32BE(length);
    expect(() => [...new MessageCutter(100).push(bytes)]).toThrow(Malformed);
  });

  it('are read or refused, whatever they hold', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const message = { length: bytes.length, pieces: [Buffer.from(bytes)] };
      const request = readRequest(message);
      if (request?.kind === 'write') expect(request.data.reduce((sum, { length }) => sum + length, 0)).toBe(request.length);
    }), { numRuns: 2_000 });
  });
});

it('knows when a file was handed out whole', () => {
  const coverage = new Coverage();
  coverage.add(10, 20);
  expect(coverage.isWhole(20)).toBe(false);
  coverage.add(0, 5);
  coverage.add(5, 10);
  expect([coverage.isWhole(20), coverage.isWhole(21)]).toEqual([true, false]);
});

it('writes a line of a listing as ls does', () => {
  expect(longName({ name: 'a.xml', size: 12, mode: 0o100600, modifiedAt: 1_795_000_000 })).toBe('-rw-------   1 puente   puente           12 Nov 18  2026 a.xml');
});

describe('the door', () => {
  const limits = { connections: 5, connectionsPerAddress: 2, strangers: 3, arrivalsPerAddress: 4, failuresPerAddress: 2, addressWindowMs: 1_000, addresses: 3 };

  it('takes so many from one address, and so many who are not known', () => {
    const door = new Doorman(limits);
    expect([door.arrived('10.0.0.1', 0), door.arrived('10.0.0.1', 0), door.arrived('10.0.0.1', 0)]).toEqual([true, true, false]);
    expect([door.arrived('10.0.0.2', 0), door.arrived('10.0.0.3', 0)]).toEqual([true, false]);
    door.known();
    expect(door.arrived('10.0.0.3', 0)).toBe(true);
  });

  it('remembers failures for a while', () => {
    const door = new Doorman(limits);
    for (const at of [0, 1]) {
      expect(door.arrived('10.0.0.1', at)).toBe(true);
      door.left('10.0.0.1', false, at);
    }
    expect(door.arrived('10.0.0.1', 2)).toBe(false);
    expect(door.arrived('10.0.0.1', 2_000)).toBe(true);
  });

  it('counts a household of IPv6 as one', () => {
    expect(groupOf('2001:db8:1:2:3:4:5:6')).toBe(groupOf('2001:db8:1:2::9'));
    expect(groupOf('2001:db8:1:2::9')).not.toBe(groupOf('2001:db8:1:3::9'));
    expect(groupOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
  });
});
