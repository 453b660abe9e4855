import { create } from 'xmlbuilder2';
import { literal } from '../../../src/platform/xml/literal.ts';
import { readXml } from '../../../src/platform/xml/read.ts';

it.each(['R&D', '&A;', '&amp;', '&#65;', 'a &lt; b <c> "d"', '&&amp;;'])('%s comes back from a document as it was', (text) => {
  const xml = create({ version: '1.0' }).ele('a').att('x', literal(text)).txt(literal(text)).end();
  expect(readXml(Buffer.from(xml))).toMatchObject({ text, attributes: { x: text } });
});
