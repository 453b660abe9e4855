import type { Answer, PacketInterview, PacketNarrative, PlainAnswer } from '../packets/packet-model.rules.ts';
import type { NarrativeSource } from './disclose-interview.rules.ts';

type Texts = ReadonlyMap<string, PacketNarrative | null>;

/**
 * Puts each short text that is prose there in both languages. One whose translation is not approved is left out: the packet is blocked
 * for it, and nothing may print it in one language.
 */
export function withTranslations({ sections, children }: PacketInterview, sources: readonly NarrativeSource[], narratives: readonly PacketNarrative[]): PacketInterview {
  const textsOf = (child: string | null): Texts => new Map(sources.filter((source) => source.participantId === child)
    .map(({ id }) => [id, narratives.find((one) => one.id === id && one.participantId === child) ?? null]));
  const inSections = (given: PacketInterview['sections'], texts: Texts): PacketInterview['sections'] =>
    Object.fromEntries(Object.entries(given).map(([section, answers]) => [section, inFields(answers, (field) => `interview.${section}.${field}`, texts)]));
  return {
    sections: inSections(sections, textsOf(null)),
    children: Object.fromEntries(Object.entries(children).map(([child, given]) => [child, inSections(given, textsOf(child))])),
  };
}

function inFields<T extends Answer>(answers: Readonly<Record<string, T>>, idOf: (field: string) => string, texts: Texts): Record<string, T> {
  return Object.fromEntries(Object.entries(answers).flatMap(([field, answer]) => {
    const id = idOf(field);
    if (Array.isArray(answer)) {
      const rows = (answer as readonly Readonly<Record<string, PlainAnswer>>[]).map((row, index) => inFields(row, (column) => `${id}.${column}.${index + 1}`, texts));
      return [[field, rows as unknown as T]];
    }
    const text = texts.get(id);
    if (text === undefined) return [[field, answer]];
    return text === null ? [] : [[field, bilingual(text) as unknown as T]];
  }));
}

function bilingual({ sourceLanguage, segments }: PacketNarrative): PlainAnswer {
  const joined = (side: 'source' | 'target'): string => segments.map((segment) => segment[side]).join(' ');
  return { sourceLanguage, source: joined('source'), target: joined('target') };
}
