import { capitalised, together } from './document.rules.ts';
import type { Block, GridColumn, Line, Words } from './document.rules.ts';
import { digestGroups } from './format.rules.ts';
import type { PacketModel, PartnerDocument } from '../packets/packet-model.rules.ts';

/** A file of the packet whose digest is known before the PDF is made. */
export interface ListedFile {
  readonly key: string;
  readonly fileName: string;
  readonly sha256: string | null;
}

/** The list at the end: what is in this packet with its digests, and what the partner asks for and travels apart. */
export function documentList(model: PacketModel, files: readonly ListedFile[], words: Words): Block[] {
  const plain = (text: string, style: Line['style'] = 'plain'): Line[] => [{ text, lang: words.left.tag, style }];
  const column = (key: string, share: number): GridColumn => ({ heading: together(words.pair(`packet:label.${key}`)), share, align: 'left' });
  const blocks: Block[] = [
    { kind: 'turn' },
    { kind: 'heading', level: 1, ...words.pair('packet:heading.documents') },
    { kind: 'heading', level: 2, ...words.pair('packet:heading.in_packet') },
    {
      kind: 'grid', columns: [column('number', 0.7), column('document', 4), column('file', 2), column('digest', 4.5)],
      rows: files.map((file, index) => [
        plain(String(index + 1)), together(words.pair(`packet:document.${file.key}`)), plain(file.fileName),
        file.sha256 === null ? together(words.sentence('packet:value.digest_in_manifest')) : plain(digestGroups(file.sha256), 'code'),
      ]),
    },
    { kind: 'pair', rows: [words.sentence('packet:letter.sealed')] },
  ];
  if (model.partner.documents.length === 0) return blocks;
  return [...blocks,
    { kind: 'heading', level: 2, ...words.pair('packet:heading.to_follow') },
    { kind: 'pair', rows: [words.sentence('packet:notice.to_follow')] },
    {
      kind: 'grid', columns: [column('number', 0.7), column('document', 5), column('form', 2.4), column('formalities', 3)],
      rows: model.partner.documents.map((document, index) => [
        plain(String(index + 1)),
        titled(document, words),
        together(words.pair(`packet:form.${document.form}`)),
        [...(document.needsTranslation ? together(words.pair('packet:formality.translation')) : []),
          ...(document.needsApostille ? together(words.pair('packet:formality.apostille')) : []),
          ...(document.needsTranslation || document.needsApostille ? [] : together(words.pair('packet:formality.none')))],
      ]),
    },
  ];
}

/** The gloss in both languages, and the paper's own name where the gloss does not say it already. */
function titled(document: PartnerDocument, words: Words): Line[] {
  const gloss = together(capitalised(words.pair(`partners:document.${document.code}`)));
  const { title } = document;
  if (title === null || gloss.some((line) => line.text.startsWith(title))) return gloss;
  return [...gloss, { text: title, lang: words.right.tag, style: 'small' }];
}
