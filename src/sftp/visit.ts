import type { Socket } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import type { Logger } from '../platform/log.ts';
import { Outlet } from './connection.ts';
import type { Desk } from './desk.ts';
import { LIMITS } from './limits.ts';
import type { Patience } from './limits.ts';
import { runSession } from './session.ts';
import { Tree } from './tree.ts';
import type { PartnerState } from './tree.ts';

interface VisitParts {
  readonly client: Connection;
  readonly socket: Socket;
  readonly log: Logger;
  readonly patience: Patience;
}

/** One connection, from its first byte: what of SSH is offered at all, and what it may use of our memory. */
export class Visit {
  readonly #parts: VisitParts;
  readonly #channels = new Map<ServerChannel, { outlet: Outlet; ended: Promise<void> }>();
  #sessions = 0;
  #rekeys = 0;
  #idle: NodeJS.Timeout | null = null;

  constructor(parts: VisitParts) {
    this.#parts = parts;
    const { client, socket } = parts;
    // Whatever a client does wrong ends its own connection.
    client.on('error', () => socket.destroy());
    client.on('rekey', () => {
      this.#rekeys += 1;
      if (this.#rekeys > LIMITS.rekeysPerConnection) return void socket.destroy();
      for (const { outlet } of this.#channels.values()) outlet.rekeyed();
    });
    // What is said in reaction to one piece of news leaves in one system call.
    socket.prependListener('data', () => socket.cork());
    socket.on('data', () => {
      process.nextTick(() => socket.uncork());
      this.#watchMemory();
    });
    socket.once('close', () => this.#rest(false));
  }

  /** The client is known: it may open channels for SFTP. Shell, commands, forwarding and the rest are refused by nobody listening for them. */
  welcome(deskFor: () => Desk, state: PartnerState): void {
    const { client, socket } = this.#parts;
    this.#rest(true);
    client.on('session', (accept, reject) => {
      if (this.#sessions >= LIMITS.channelsPerConnection) return void reject();
      this.#sessions += 1;
      const session = accept();
      session.once('close', () => { this.#sessions -= 1; });
      session.on('subsystem', (acceptIt, rejectIt, { name }) => {
        if (name !== 'sftp') return void rejectIt?.();
        const channel = acceptIt();
        if (!channel) return;
        this.#rest(false);
        const outlet = new Outlet(channel, socket, this.#parts.patience);
        const ended = runSession({ channel, outlet, tree: new Tree(deskFor(), state), log: this.#parts.log }).finally(() => {
          this.#channels.delete(channel);
          if (this.#channels.size === 0 && !socket.destroyed) this.#rest(true);
        });
        this.#channels.set(channel, { outlet, ended });
      });
    });
  }

  end(): void {
    this.#parts.client.end();
    this.#parts.socket.destroySoon();
  }

  /** When no request is being worked on. */
  async settle(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ outlet }) => outlet.settled()));
  }

  async gone(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ ended }) => ended));
  }

  /** A connection without a channel is cut off when it has done nothing for long. */
  #rest(isIdle: boolean): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = isIdle ? setTimeout(() => this.#parts.socket.destroy(), this.#parts.patience.idleMs).unref() : null;
  }

  /** What was sent beyond the window, or asked while answers are not taken, is neither kept nor read on. */
  #watchMemory(): void {
    const { socket } = this.#parts;
    for (const channel of this.#channels.keys()) {
      if (channel.readableLength > LIMITS.unreadBytes) return void socket.destroy();
    }
    if (socket.writableLength <= LIMITS.unsentBytes || socket.isPaused()) return;
    socket.pause();
    socket.once('drain', () => socket.resume());
  }
}
