import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import type { Request } from 'express';
import type { Session, SessionData } from 'express-session';
import { IDLE_MS } from '../http/index.ts';
import type { Ground } from './handle.ts';
import { hashed, isWaiting } from './session-keys.ts';

const CONNECTIONS_MAX = 4;

export interface SessionStore extends session.Store {
  close(): Promise<void>;
}

/** Sessions live in the database, so that a restart or a second process keeps people signed in. */
export function openSessionStore(ground: Pick<Ground, 'db' | 'log'>): SessionStore {
  const PgStore = connectPgSimple(session);
  // Of what was read from the table, only what still stands there is written: a session that ended while a request held it stays ended.
  const read = new WeakSet<object>();
  class HashedStore extends PgStore {
    /** The library's own way to its pool, which its types leave out. */
    private ask(text: string, values: unknown[], done: (error: unknown) => void): void {
      (this as unknown as { query(text: string, values: unknown[], done: (error: unknown) => void): void }).query(text, values, done);
    }

    override createSession(req: Request, data: SessionData): Session & SessionData {
      const made = super.createSession(req, data);
      read.add(made);
      return made;
    }

    override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
      super.get(hashed(sid), done);
    }

    override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
      if (!read.has(data)) return super.set(hashed(sid), data, done);
      const endsAt = data.cookie.expires ?? new Date(Date.now() + IDLE_MS);
      this.ask('update web_sessions set sess = $1, expire = $2 where sid = $3', [JSON.stringify(data), endsAt, hashed(sid)], (error) => done?.(error));
    }

    override touch(sid: string, data: SessionData, done?: () => void): void {
      if (isWaiting(data)) return done?.();
      super.touch(hashed(sid), data, done);
    }

    override destroy(sid: string, done?: (error?: unknown) => void): void {
      super.destroy(hashed(sid), done);
    }
  }
  return new HashedStore({
    conObject: { connectionString: ground.db.appUrl, max: CONNECTIONS_MAX, application_name: 'puente sessions' },
    tableName: 'web_sessions',
    createTableIfMissing: false,
    errorLog: () => ground.log.error('session store'),
  }) as unknown as SessionStore;
}
