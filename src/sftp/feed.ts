import type { Readable } from 'node:stream';

const AHEAD_BYTES = 1024 * 1024;

/**
 * What a stream brings, chunk by chunk as it comes. (A stream's own iterator puts all that has gathered into one new piece of memory
 * each time.) While the reader is slow the stream is paused, and the client's window stays shut.
 */
export async function* feedOf(stream: Readable): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let bytes = 0;
  let hasEnded = false;
  let wake: (() => void) | null = null;
  const call = (): void => {
    wake?.();
    wake = null;
  };
  const onData = (chunk: Buffer): void => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes > AHEAD_BYTES) stream.pause();
    call();
  };
  const onEnd = (): void => {
    hasEnded = true;
    call();
  };
  stream.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onEnd);
  for (;;) {
    const chunk = waiting.shift();
    if (chunk) {
      bytes -= chunk.length;
      yield chunk;
      continue;
    }
    if (hasEnded) return;
    if (stream.isPaused()) stream.resume();
    await new Promise<void>((resolve) => { wake = resolve; });
  }
}
