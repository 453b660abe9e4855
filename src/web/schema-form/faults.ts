import type { Finding } from '../../platform/errors.ts';
import { allNodes, idOf } from './nodes.ts';
import type { FormNode } from './nodes.ts';

export interface FieldFault {
  readonly field: string;
  readonly text: string;
  /** The same without the field's name, beside the field. */
  readonly beside: string;
}

const FAULTS_MAX = 60;

/** Each finding at the field where it is mended; of lists with the line. What has no field of its own stands at the nearest one around it. */
export function faultsAt(findings: readonly Finding[], root: FormNode, say: (finding: Finding) => string, lineWords: (line: number) => string): FieldFault[] {
  const nodes = new Map(allNodes(root).map((node) => [node.name, node]));
  return findings.slice(0, FAULTS_MAX).map((finding) => {
    const path = finding.path ?? '';
    const node = nearest(path, nodes) ?? root;
    const inside = path.slice(node.name.length);
    const line = node.kind === 'lines' && /^\/\d+$/.test(inside) ? `${lineWords(Number(inside.slice(1)) + 1)}: ` : '';
    const beside = line + say(finding);
    return { field: idOf(node.name), text: node.label === '' ? beside : `${node.label}: ${beside}`, beside };
  });
}

function nearest(path: string, nodes: ReadonlyMap<string, FormNode>): FormNode | null {
  for (let here = path; here !== ''; here = here.slice(0, here.lastIndexOf('/'))) {
    const own = nodes.get(here);
    if (own) return own;
    const more = nodes.get(`${here.slice(0, here.lastIndexOf('/'))}~more`);
    if (more && here === path) return more;
  }
  return null;
}

/** A branch that was not meant (nothing at all, where something with faults stands) says nothing that helps. */
export function withoutBranches(findings: readonly Finding[]): Finding[] {
  const isBranch = ({ params, path = '' }: Finding): boolean => (params?.['rule'] === 'anyOf' || params?.['rule'] === 'oneOf' || (params?.['rule'] === 'type' && params['expected'] === 'null'))
    && findings.some((other) => other.path !== path && (other.path ?? '').startsWith(`${path}/`));
  const seen = new Set<string>();
  return findings.filter((one) => {
    const key = `${one.code} ${one.path ?? ''} ${String(one.params?.['rule'] ?? '')}`;
    return !isBranch(one) && !seen.has(key) && seen.add(key);
  });
}
