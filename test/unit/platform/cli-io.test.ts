import { printable, renderTable } from '../../../src/cli/io.ts';

it('writes out what would steer a terminal, and leaves people’s names alone', () => {
  expect(printable('a\u001b]0;x\u0007b\r\u009b2K\u202ec')).toBe('a\\u001b]0;x\\u0007b\\u000d\\u009b2K\\u202ec');
  expect(printable('José Ñúñez\n김민수 🌉')).toBe('José Ñúñez\n김민수 🌉');
});

it('lines columns up also where Hangul is twice as wide', () => {
  expect(renderTable(['이름', 'n'], [['김민수', '1'], ['Ana', '22']]).split('\n')).toEqual(['이름     n', '──────  ──', '김민수   1', 'Ana     22']);
});
