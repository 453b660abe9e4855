import { AppError } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { checkMessage } from './check-message.ts';
import { knownName } from './known-names.ts';
import type { Message, MessageKind, MessageOf } from './message.ts';
import type { MessageBodies, MessageHeader } from './message.types.ts';

export const MESSAGE_VERSION = '1.1';

/** A value of which members may be absent in any way: left out, undefined, null, an empty list. */
export type Loose<T> = T extends readonly (infer One)[] ? readonly Loose<One>[] : T extends object ? { readonly [P in keyof T]: Loose<T[P]> | (undefined extends T[P] ? null : never) } : T;

/**
 * A message of a kind, ready to be written in either form. What is absent is left out; what a partner would refuse never leaves.
 *
 * @throws AppError `message.invalid` with what is wrong and where.
 */
export function newMessage<K extends MessageKind>(kind: K, header: Loose<Omit<MessageHeader, 'version'>>, body: Loose<MessageBodies[K]>, now: Date): MessageOf<K> {
  const message = withoutAbsent({ ...header, version: MESSAGE_VERSION, [kind]: body });
  const validate = schemaValidator('message.v1', { isExhaustive: true });
  if (!validate(message)) {
    throw new AppError('invalid', 'message.invalid', {
      findings: (validate.errors ?? []).slice(0, 50).map((error) => {
        const { path = '/', params } = schemaFinding(error, 'message.schema', knownName);
        return { code: 'message.schema', severity: 'block', path, params: { ...params, at: path, expected: params?.['expected'] ?? '' } };
      }),
    });
  }
  const findings = checkMessage(message as Message, { now, relaysFor: [] }).filter(({ severity }) => severity === 'block');
  if (findings.length > 0) throw new AppError('invalid', 'message.invalid', { findings });
  return message as MessageOf<K>;
}

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null && !(Array.isArray(one) && one.length === 0)).map(([name, one]) => [name, withoutAbsent(one)]));
}
