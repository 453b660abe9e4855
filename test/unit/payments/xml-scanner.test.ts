import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { XmlError } from '../../../src/modules/payments/formats/iso20022/xml-lexis.rules.ts';
import { XmlScanner } from '../../../src/modules/payments/formats/iso20022/xml-scanner.ts';

/** The scanner against a general parser: whatever it takes, that one takes, with the same elements and texts. */

const GOOD = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><Document xmlns="urn:x" xmlns:c='urn:c'><A><Id>S&amp;1</Id><c:B k="v" c:k='w'>x<!-- in -->y<![CDATA[<z>]]></c:B><E/><E /></A>\n<?pi data?><T>pensión &#65;&#x41;\r\n</T></Document>\n<!-- end -->`;
const PIECES = ['', '<', '>', '&', '&amp;', '&x;', '&#0;', '&#xD800;', ']]>', '--', '<!--', '-->', '<![CDATA[', '<?xml ?>', '<?p?>', '<!DOCTYPE a>', '"', "'", '/', '=', ' ', ' a="b"', ' a="b" a="c"', '</A>', '<A>', '<x:y/>', '\u0001', '\ufffe',
  '\r', '\n', ':', 'a', '1', ' xmlns:x="u"', ' xmlns="b"', 'é', '</', '<a b=c>', '<a b>', '<1/>', ' xmlns:c=""'];

/** Name and text of every element without elements inside, in the order in which they end. */
function ours(text: string, piece: number): string[] | null {
  const leaves: string[] = [];
  const open: boolean[] = [];
  try {
    const scanner = new XmlScanner({
      open: () => { open.fill(false, -1); return open.push(true) > 0; },
      close: (name, value) => { if (open.pop()) leaves.push(`${name}=${value}`); },
    });
    for (let at = 0; at < text.length; at += piece) scanner.write(text.slice(at, at + piece));
    scanner.end();
    return leaves;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return null;
  }
}

function theirs(text: string): string[] | null {
  const leaves: string[] = [];
  const open: { isLeaf: boolean; text: string }[] = [];
  let isFine = true;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => { isFine = false; });
  parser.on('doctype', () => { isFine = false; });
  parser.on('opentag', () => {
    const parent = open.at(-1);
    if (parent) parent.isLeaf = false;
    open.push({ isLeaf: true, text: '' });
  });
  const add = (more: string): void => { const top = open.at(-1); if (top) top.text += more; };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', (tag) => { const top = open.pop(); if (top?.isLeaf) leaves.push(`${tag.local}=${top.text}`); });
  parser.write(text).close();
  return isFine ? leaves : null;
}

it('reads what a general parser reads', () => {
  expect(ours(GOOD, 1)).toEqual(theirs(GOOD));
  expect(ours(GOOD, 1)).toEqual(['Id=S&1', 'B=xy<z>', 'E=', 'E=', 'T=pensión AA\n']);
});

it('takes nothing that a general parser refuses, and reads the rest alike', () => {
  const damage = fc.array(fc.record({ at: fc.nat(GOOD.length), drop: fc.nat(6), put: fc.constantFrom(...PIECES) }), { minLength: 1, maxLength: 2 });
  fc.assert(fc.property(damage, fc.integer({ min: 1, max: 60 }), (cuts, piece) => {
    const text = cuts.reduce((sum, { at, drop, put }) => sum.slice(0, at) + put + sum.slice(at + drop), GOOD);
    const read = ours(text, piece);
    // Names of attributes after a colon and of instructions are looked at more closely here.
    if (read !== null) expect(read).toEqual(theirs(text));
    else if (theirs(text) !== null) expect(text).toMatch(/\sc:[^\p{L}_]|<\?[^\s?]*[^\w\s?]/u);
  }), { numRuns: 5_000 });
});

it('passes over what nobody wants, and refuses there what is refused everywhere', () => {
  const seen: string[] = [];
  const scanner = new XmlScanner({ open: (name) => { seen.push(name); return name !== 'skip'; }, close: (name, text) => { seen.push(`/${name}:${text}`); } });
  scanner.write('<a><skip x="1"><b>text</b><skip/></skip><c>t</c></a>');
  scanner.end();
  expect(seen).toEqual(['a', 'skip', 'c', '/c:t', '/a:']);
  expect(() => { new XmlScanner({ open: () => false, close: () => undefined }).write('<a><b>&unknown;</b>'); }).toThrow(XmlError);
});

it('ends a text that never ends by its limit, also when it trickles in a few signs at a time', () => {
  for (const begin of ['<a><![CDATA[', '<a><!-- ', '<a>', '<a><?p ']) {
    const scanner = new XmlScanner({ open: () => true, close: () => undefined });
    scanner.write(begin);
    let written = 0;
    // Read anew at every piece, these would keep a machine busy for hours.
    expect(() => { for (; written < 2_000_000; written += 8) scanner.write('] ] ] ] '); }).toThrow(expect.objectContaining({ fault: 'text_too_long' }));
    expect(written).toBeLessThanOrEqual(1_000_000);
  }
});
