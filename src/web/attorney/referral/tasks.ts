import type { LeftAt } from './left-to-do.ts';
import type { Standing } from './standing.ts';

export type TaskStatus = 'not_started' | 'incomplete' | 'recommended' | 'optional' | 'ready' | 'done' | 'cannot_start';
export type TaskKind = 'parties' | 'services' | 'interview' | 'documents' | 'narrative' | 'reading' | 'check' | 'preview' | 'sign' | 'send';

/** One page of the way from opening a referral to its confirmation; each is saved by itself and may be done in any order until the last two. */
export interface Task {
  readonly kind: TaskKind;
  readonly status: TaskStatus;
  /** Null while it cannot be started. */
  readonly href: string | null;
  readonly blocking: number;
  /** What does not stop the packet, but had better be there. */
  readonly missing: number;
}

export interface TaskGroup {
  readonly group: 'prepare' | 'check' | 'sign';
  readonly tasks: readonly Task[];
}

/** The tasks in the order in which they are done. Nothing of it is kept: it is read off the referral as it is. */
export function tasksOf({ referral, draft, left, blocking, isSettled, allowed }: Standing): TaskGroup[] {
  if (draft === null) return [];
  const { content } = draft;
  const here = `/referrals/${encodeURIComponent(referral.referralId)}`;
  const blocks = (...kinds: LeftAt['kind'][]): number => left.filter(({ kind }) => kinds.includes(kind)).reduce((sum, one) => sum + one.blocking, 0);
  const warns = (...kinds: LeftAt['kind'][]): number => left.filter(({ kind }) => kinds.includes(kind)).reduce((sum, one) => sum + one.things.length - one.blocking, 0);
  const task = (kind: TaskKind, href: string, count: number, isStarted: boolean, missing = 0): Task => ({
    kind, href, blocking: count, missing, status: count > 0 ? (isStarted ? 'incomplete' : 'not_started') : missing > 0 && !isSettled ? 'recommended' : isStarted ? 'done' : 'optional',
  });
  const isSealed = draft.isCurrent === true && ['sealed', 'sent'].includes(referral.status) || isSettled;
  const texts = left.some(({ kind }) => kind === 'translation') || (content?.narratives.length ?? 0) > 0;
  const reading = left.find(({ kind }) => kind === 'reading');
  const prepare = [
    task('parties', `${here}/parties`, blocks('case'), true),
    task('services', `${here}/services`, blocks('request'), true),
    ...(allowed.canInterview ? [task('interview', `${here}/interview`, blocks('interview'), Object.keys(content?.interview.sections ?? {}).length > 0, warns('interview'))] : []),
    ...(allowed.canSeeAttachments ? [task('documents', `${here}/attachments`, blocks('attachments', 'forms'), (content?.attachments.length ?? 0) > 0, warns('attachments', 'forms'))] : []),
    task('narrative', `${here}/narrative`, blocks('translation'), texts),
    ...(reading ? [task('reading', `${here}/texts`, reading.blocking, true)] : []),
  ];
  const looked: TaskStatus = isSealed ? 'done' : content === null ? 'cannot_start' : 'ready';
  const sign: TaskStatus = isSealed ? 'done' : blocking > 0 || !allowed.canSeal ? 'cannot_start' : draft.isCurrent === false ? 'incomplete' : 'ready';
  const send: TaskStatus = isSettled ? 'done' : allowed.canSend && blocking === 0 ? 'ready' : 'cannot_start';
  return [
    { group: 'prepare', tasks: prepare },
    { group: 'check', tasks: [{ kind: 'check', status: looked, href: content === null ? null : `${here}/check`, blocking: 0, missing: 0 }, { kind: 'preview', status: looked, href: content === null ? null : `${here}/preview`, blocking: 0, missing: 0 }] },
    { group: 'sign', tasks: [
      { kind: 'sign', status: sign, href: sign === 'cannot_start' ? null : `${here}/sign`, blocking, missing: 0 },
      { kind: 'send', status: send, href: send === 'cannot_start' ? null : isSettled ? `${here}/sent` : `${here}/send`, blocking: 0, missing: 0 },
    ] },
  ];
}

/** The first task that is not done and can be done: where to go on. */
export function nextTask(groups: readonly TaskGroup[]): Task | null {
  const open = groups.flatMap(({ tasks }) => tasks).filter(({ href }) => href !== null);
  return open.find(({ status }) => status === 'not_started' || status === 'incomplete') ?? open.find(({ kind, status }) => kind === 'send' && status === 'ready') ?? open.find(({ status }) => status === 'recommended') ?? open.find(({ status }) => status === 'ready') ?? null;
}
