import type { TextGate } from '../../cases/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { textFaults } from '../interview/free-text.rules.ts';
import type { PacketNarrative } from '../packets/packet-model.rules.ts';
import { sourceCode, sourcePath } from '../translation/text.rules.ts';

export interface GatedNarratives {
  /** Those of which nothing is to be mended; the others stay here. */
  readonly narratives: readonly PacketNarrative[];
  readonly findings: readonly Finding[];
}

/**
 * The last look at translations: a translator may have written what the source, which passed the gate, does not say. What they tell
 * is named by its place and never repeated.
 */
export function gateTranslations(narratives: readonly PacketNarrative[], gate: Pick<TextGate, 'tells'>): GatedNarratives {
  const judged = narratives.map((narrative) => ({ narrative, findings: narrativeFindings(narrative, gate) }));
  return { narratives: judged.filter(({ findings }) => findings.length === 0).map(({ narrative }) => narrative), findings: judged.flatMap(({ findings }) => findings) };
}

function narrativeFindings({ id, participantId, segments, translator }: PacketNarrative, gate: Pick<TextGate, 'tells'>): Finding[] {
  const path = sourcePath({ id, participantId });
  const found: Finding[] = [];
  const add = (code: string, sentence: number): void => {
    found.push({ code: `translation.${code}`, severity: 'block', path: sentence > 0 ? `${path}/${sentence}` : path, params: { text: sourceCode(id), sentence } });
  };
  segments.forEach(({ target }, index) => {
    if (gate.tells(target)) add('target_tells_whereabouts', index + 1);
    for (const fault of textFaults(target)) add(`target_${fault}`, index + 1);
  });
  const whole = segments.map(({ target }) => target);
  // Told in pieces over several sentences: no one of them is to blame.
  if (found.length === 0 && (gate.tells(whole) || textFaults(whole.join(' ')).length > 0)) add('target_tells_together', 0);
  if (gate.tells(translator.qualification) || textFaults(translator.qualification).includes('text_federal_source')) add('qualification_refused', 0);
  return found;
}

/** What is wrong with a title that a person gave a paper; the code's last part. */
export function titleFaults(title: string | null, gate: Pick<TextGate, 'tells'>): string[] {
  if (title === null) return [];
  return [...(gate.tells(title) ? ['title_tells_whereabouts'] : []), ...textFaults(title).map((fault) => `title_${fault}`)];
}
