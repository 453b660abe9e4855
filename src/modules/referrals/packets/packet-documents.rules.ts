import type { Line, Pair } from '../documents/document.rules.ts';

/** A text on a page, with the language in which it is written. */
export interface TitleLine {
  readonly text: string;
  readonly lang: string;
}

/** A document of a packet as lists show it: its title in both languages, English first. */
export interface PacketDocument {
  readonly id: string;
  readonly title: readonly TitleLine[];
}

/** The same in a sealed packet. */
export interface SealedDocument extends PacketDocument {
  readonly firstPage: number;
  readonly pages: number;
}

interface Titled {
  readonly id: string;
  readonly title: Pair;
}

interface Placed {
  readonly id: string;
  readonly firstPage: number;
  readonly pages: number;
}

export function listedDocuments(documents: readonly Titled[]): PacketDocument[] {
  return documents.map(({ id, title }) => ({ id, title: [...title.left, ...title.right].map(({ text, lang }: Line) => ({ text, lang })) }));
}

/** The documents with their pages, as the PDF says where each begins. */
export function placedDocuments(documents: readonly Titled[], placed: readonly Placed[]): SealedDocument[] {
  return listedDocuments(documents).flatMap((document) => {
    const place = placed.find(({ id }) => id === document.id);
    return place ? [{ ...document, firstPage: place.firstPage, pages: place.pages }] : [];
  });
}
