import { createHash } from 'node:crypto';
import { answerOnce } from '../../modules/identity/index.ts';
import type { Answer, Call, Handler } from './answer.ts';
import { clientOf } from './caller.ts';
import type { Operation } from './description.ts';
import { drained } from './incoming-stream.ts';
import type { IncomingStream } from './incoming-stream.ts';

/**
 * Answers a request under an `Idempotency-Key` once (draft-ietf-httpapi-idempotency-key-header). Without the header, or where the description
 * knows none, it is simply answered.
 */
export async function answered(operation: Operation, handler: Handler, call: Call, stream: IncomingStream | null, address: string): Promise<Answer> {
  const key = call.header('idempotency-key');
  const takesKey = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
  if (key === undefined || !takesKey) return handler(call);
  const bodySha256 = (): string => stream?.digest() ?? createHash('sha256').update(call.bytes).digest('hex');
  const request = { clientId: clientOf(call).id, key, sha256: createHash('sha256').update(`${operation.method} ${address} ${call.bodyType}`).digest('hex') };
  const { answer, isRepeated } = await answerOnce(call.ctx, request, {
    async work() {
      const worked = await handler(call);
      const { status, headers, content } = worked;
      if (content && !('json' in content)) throw new Error(`fault: ${operation.id} answers a key with what is no record`);
      return { answer: JSON.stringify({ status, headers, content }), bodySha256: bodySha256() };
    },
    async bodySha256() {
      if (stream) await drained(stream.source);
      return bodySha256();
    },
  });
  const first = JSON.parse(answer) as Answer;
  return isRepeated ? { ...first, headers: { ...first.headers, 'Idempotency-Replayed': 'true' } } : first;
}
