import type { Logger } from '../platform/log.ts';
import type { ServerChannel } from 'ssh2';
import { Gone } from './connection.ts';
import type { Outlet } from './connection.ts';
import { Malformed, MessageCutter } from './cut-messages.ts';
import type { Message } from './cut-messages.ts';
import { feedOf } from './feed.ts';
import { LIMITS } from './limits.ts';
import { answer } from './requests.ts';
import type { Handles } from './requests.ts';
import { refusalOf } from './trouble.ts';
import type { Tree } from './tree.ts';
import { readInit, readRequest, STATUS, statusMessage, versionMessage } from './wire.ts';

const EXTENSIONS = { 'posix-rename@openssh.com': '1', 'statvfs@openssh.com': '2', 'fstatvfs@openssh.com': '2', 'fsync@openssh.com': '1', 'limits@openssh.com': '1' };

export interface SessionParts {
  readonly channel: ServerChannel;
  readonly outlet: Outlet;
  readonly tree: Tree;
  readonly log: Logger;
}

/**
 * One client's SFTP: requests are answered in the order in which they came, one at a time, so that what is in memory is one request and
 * one answer. Ends when the client does; what it had begun is given up then.
 */
export async function runSession({ channel, outlet, tree, log }: SessionParts): Promise<void> {
  const cutter = new MessageCutter(LIMITS.messageBytes);
  const handles: Handles = new Map();
  const memory = Buffer.allocUnsafe(LIMITS.messageBytes);
  let isOpen = false;
  try {
    for await (const chunk of feedOf(channel)) {
      for (const message of cutter.push(chunk)) {
        outlet.begin();
        if (isOpen) await reply(message, { handles, memory, outlet, tree, log });
        else {
          if ((readInit(message) ?? 0) < 3) return;
          isOpen = true;
          await outlet.send(versionMessage(EXTENSIONS));
        }
        outlet.rest();
      }
    }
  } catch (error) {
    // A message that is none, or a client that went: both end the session and nothing else.
    if (!(error instanceof Gone || error instanceof Malformed)) log.error({ err: error }, 'sftp.session_failed');
  } finally {
    for (const handle of handles.values()) await handle.abandon();
    tree.leave();
    outlet.rest();
    outlet.end();
    channel.end();
    channel.close();
  }
}

interface Desktop extends Pick<SessionParts, 'outlet' | 'tree' | 'log'> {
  readonly handles: Handles;
  /** For answers that are large: one is made when the one before it has left. */
  readonly memory: Buffer;
}

async function reply(message: Message, { handles, memory, outlet, tree, log }: Desktop): Promise<void> {
  const request = readRequest(message);
  if (request === null) throw new Malformed();
  if (request.kind === null) return outlet.send(statusMessage(request.id, STATUS.unsupported, 'Operation unsupported'));
  let bytes: Buffer;
  try {
    bytes = await answer(request, handles, tree, memory);
  } catch (error) {
    if (error instanceof Gone) throw error;
    if (error instanceof Malformed) bytes = statusMessage(request.id, STATUS.badMessage, 'Bad message');
    else {
      const { status, words, isFault } = refusalOf(error);
      if (isFault) log.error({ err: error, request: request.kind }, 'sftp.request_failed');
      bytes = statusMessage(request.id, status, words);
    }
  }
  await outlet.send(bytes);
}
