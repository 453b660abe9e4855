// The ways in which partners give a case number or a disbursement's. What is left of it decides what may become of the line.
import type { Random } from '../../../src/demo/random.ts';

export type NumberWay = {
  readonly name: string;
  /** `whole`: the number is there. `slip`: one edit away. `lost`: the names must do. `wrong`: it is like no number of the case. `two`: it names another case as well. */
  readonly leaves: 'whole' | 'slip' | 'lost' | 'wrong' | 'two';
  readonly print: (id: string, random: Random, other: string) => { cell: string; note: string };
};

const digitsFrom = (id: string): number => id.length - 7;
const cellOnly = (print: (id: string, random: Random, other: string) => string) => (id: string, random: Random, other: string): { cell: string; note: string } => ({ cell: print(id, random, other), note: '' });
const noteOnly = (print: (id: string, random: Random, other: string) => string) => (id: string, random: Random, other: string): { cell: string; note: string } => ({ cell: '', note: print(id, random, other) });

function otherDigit(id: string, at: number, random: Random): string {
  const digits = '0123456789'.replace(id[at] as string, '');
  return id.slice(0, at) + random.pick([...digits]) + id.slice(at + 1);
}

export const NUMBER_WAYS: readonly NumberWay[] = [
  { name: 'number_missing', leaves: 'lost', print: cellOnly(() => '') },
  { name: 'number_word_for_none', leaves: 'lost', print: cellOnly((_, r) => r.pick(['S/N', 'N/A', '-', 'PENDIENTE', 's/n', '---', '0', 'NO DISPONIBLE', '없음', '미상', 'XXXX'])) },
  { name: 'number_transposed', leaves: 'slip', print: cellOnly((id, r) => {
    const at = r.integer(digitsFrom(id), id.length - 2);
    return id[at] === id[at + 1] ? otherDigit(id, at, r) : id.slice(0, at) + id[at + 1] + id[at] + id.slice(at + 2);
  }) },
  { name: 'number_one_digit_wrong', leaves: 'slip', print: cellOnly((id, r) => otherDigit(id, r.integer(digitsFrom(id), id.length - 1), r)) },
  { name: 'number_digit_dropped', leaves: 'slip', print: cellOnly((id, r) => { const at = r.integer(digitsFrom(id), id.length - 1); return id.slice(0, at) + id.slice(at + 1); }) },
  { name: 'number_digit_doubled', leaves: 'slip', print: cellOnly((id, r) => { const at = r.integer(digitsFrom(id), id.length - 1); return id.slice(0, at) + id[at] + id.slice(at); }) },
  { name: 'number_two_digits_wrong', leaves: 'wrong', print: cellOnly((id, r) => otherDigit(otherDigit(id, id.length - r.integer(1, 3), r), id.length - r.integer(4, 6), r)) },
  { name: 'number_of_nobody', leaves: 'wrong', print: cellOnly((id, r) => `${id.slice(0, -7)}9${String(r.integer(100_000, 999_999))}`) },
  { name: 'number_lookalikes', leaves: 'whole', print: cellOnly((id) => id.replace(/0/gu, 'O').replace(/1/u, 'I')) },
  { name: 'number_in_note', leaves: 'whole', print: noteOnly((id, r) => `${r.pick(['Exp. ', 'caso ', 'Pensión ', '사건 '])}${id}${r.pick(['', ' marzo', ' / 03-2026', ' gracias'])}`) },
  { name: 'number_short_in_note', leaves: 'whole', print: noteOnly((id, r) => `Exp. ${id.startsWith('IM') ? id : r.pick([id.slice(-7), `${id.slice(-7, -4)}-${id.slice(-4)}`])}`) },
  { name: 'number_spaced', leaves: 'whole', print: cellOnly((id) => id.replace(/(\d{3})(?=\d)/gu, '$1 ')) },
  { name: 'number_full_width', leaves: 'whole', print: cellOnly((id) => id.replace(/\d/gu, (d) => String.fromCodePoint(0xff10 + Number(d)))) },
  { name: 'number_with_county', leaves: 'whole', print: cellOnly((id, r) => `${id.startsWith('IM') ? '06025' : '06037'}${r.pick(['-', '/', ' '])}${id}`) },
  { name: 'number_with_label', leaves: 'whole', print: cellOnly((id, r) => `${r.pick(['Exp. ', 'No. ', 'Caso: ', 'EXPEDIENTE ', '#'])}${id}`) },
  { name: 'number_short', leaves: 'whole', print: cellOnly((id) => (id.startsWith('IM') ? id.replace('IM-00', 'IM-') : id.slice(-7))) },
  { name: 'number_as_float', leaves: 'whole', print: cellOnly((id) => (id.startsWith('IM') ? id : `${id}.0`)) },
  { name: 'number_scientific', leaves: 'lost', print: cellOnly((id) => (id.startsWith('IM') ? '' : `${id[0]}.${id.slice(1, 6)}E+12`)) },
  { name: 'number_and_another', leaves: 'two', print: (id, _, other) => ({ cell: id, note: `y caso ${other}` }) },
  { name: 'numbers_two_in_cell', leaves: 'two', print: cellOnly((id, r, other) => `${id}${r.pick([' / ', ', ', ' y '])}${other}`) },
];

export const ID_WAYS: readonly NumberWay[] = [
  { name: 'id_missing', leaves: 'lost', print: cellOnly(() => '') },
  { name: 'id_word_for_none', leaves: 'lost', print: cellOnly((_, r) => r.pick(['S/N', 'N/A', '-', 'PENDIENTE'])) },
  { name: 'id_transposed', leaves: 'slip', print: cellOnly((id, r) => {
    const at = r.integer(digitsFrom(id) + 1, id.length - 2);
    return id[at] === id[at + 1] ? otherDigit(id, at, r) : id.slice(0, at) + id[at + 1] + id[at] + id.slice(at + 2);
  }) },
  { name: 'id_one_digit_wrong', leaves: 'slip', print: cellOnly((id, r) => otherDigit(id, r.integer(digitsFrom(id) + 1, id.length - 1), r)) },
  { name: 'id_digit_dropped', leaves: 'slip', print: cellOnly((id, r) => { const at = r.integer(3, id.length - 1); return id.slice(0, at) + id.slice(at + 1); }) },
  { name: 'id_two_digits_wrong', leaves: 'wrong', print: cellOnly((id, r) => otherDigit(otherDigit(id, id.length - 1, r), id.length - 4, r)) },
  { name: 'id_of_nobody', leaves: 'wrong', print: cellOnly((_, r) => `D2603${r.integer(900_000, 999_999)}`) },
  { name: 'id_in_note', leaves: 'whole', print: noteOnly((id, r) => r.pick([`Ref. ${id}`, `Ref. ${id.slice(0, 5)}-${id.slice(5)}`, `envío ${id} entregado`])) },
  { name: 'id_lookalikes', leaves: 'whole', print: cellOnly((id) => id.replace(/0/gu, 'O')) },
  { name: 'id_spaced', leaves: 'whole', print: cellOnly((id) => `${id.slice(0, 5)} ${id.slice(5)}`) },
  { name: 'id_lower_case', leaves: 'whole', print: cellOnly((id) => id.toLowerCase()) },
  { name: 'id_and_another', leaves: 'two', print: (id, _, other) => ({ cell: id, note: `y ${other}` }) },
];
