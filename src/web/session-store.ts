import { createHash } from 'node:crypto';
import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import type { SessionData } from 'express-session';
import type { Ground } from './handle.ts';

const CONNECTIONS_MAX = 4;

export interface SessionStore extends session.Store {
  close(): Promise<void>;
}

/** What stands in the table: whoever reads it, or a backup of it, signs in as nobody. An id has 24 random bytes: it needs no salt. */
const hashed = (sid: string): string => createHash('sha256').update(sid).digest('base64url');

/** Sessions live in the database, so that a restart or a second process keeps people signed in. */
export function openSessionStore(ground: Pick<Ground, 'db' | 'log'>): SessionStore {
  const PgStore = connectPgSimple(session);
  class HashedStore extends PgStore {
    override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
      super.get(hashed(sid), done);
    }

    override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
      super.set(hashed(sid), data, done);
    }

    override touch(sid: string, data: SessionData, done?: () => void): void {
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
