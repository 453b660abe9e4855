import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import type { Ground } from './handle.ts';

const CONNECTIONS_MAX = 4;

export interface SessionStore extends session.Store {
  close(): Promise<void>;
}

/** Sessions live in the database, so that a restart or a second process keeps people signed in. */
export function openSessionStore(ground: Pick<Ground, 'db' | 'log'>): SessionStore {
  const PgStore = connectPgSimple(session);
  return new PgStore({
    conObject: { connectionString: ground.db.appUrl, max: CONNECTIONS_MAX, application_name: 'puente sessions' },
    tableName: 'web_sessions',
    createTableIfMissing: false,
    errorLog: () => ground.log.error('session store'),
  }) as unknown as SessionStore;
}
