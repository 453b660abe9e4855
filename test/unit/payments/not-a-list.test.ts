import { sentenceIn } from '../../../src/modules/payments/offered/not-a-list.ts';

const line = (text: string): number | null => sentenceIn(Buffer.from(text));

it('tells a letter from a list whose columns nobody knows', () => {
  expect(line('Dear colleague,\n\nIn January, we sent three payments, as we agreed.\nThey were 1,500 dollars in all.\n')).toBe(3);
  expect(line('Estimado señor López, le saludo con respeto y atención.\nLe envío los pagos del mes de enero, como siempre.')).toBe(1);
  expect(line('안녕하십니까. 1월 송금 내역을 아래와 같이 알려 드립니다.\n총 세 건이며 금액은 다음과 같습니다.')).toBe(1);
  expect(line(`${'word '.repeat(40)}\n`)).toBe(1);
});

it('leaves in doubt what may be a list', () => {
  for (const text of ['foo,bar\n1,2\n', 'Ref;Asunto;Persona A\nA 1;2000001000001;María del Carmen de la Cruz y López Hernández\n', 'a\tb\tc\n', 'hello\nworld\n', '',
    'Informe de pagos del consulado, enero de 2026\n\nfolio,importe\nLA-1,10.00\nLA-2,20.00\nLA-3,30.00\n', 'Ref|Nota\n1|el pago se entregó en persona a la madre de la menor\n2|no se pudo entregar porque la persona se mudó de casa\n']) expect([text, line(text)]).toEqual([text, null]);
});
