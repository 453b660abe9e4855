import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { createUser } from '../../../src/modules/identity/index.ts';
import type { NewUser } from '../../../src/modules/identity/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { systemClock } from '../../../src/platform/dates.ts';
import { keyRingOf, newKeyFile } from '../../../src/platform/keys.ts';
import { buildWebApp } from '../../../src/web/index.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { UNHURRIED } from '../../support/unhurried.ts';

export const PASSWORD = 'correct horse battery';

/** Everybody who signs in in these tests; the officers belong to two different partners. */
export const PEOPLE: Readonly<Record<string, Pick<NewUser, 'roles' | 'partner' | 'displayName' | 'counties'>>> = {
  attorney: { roles: ['attorney'], partner: null, displayName: 'Ana Attorney', counties: 'all' },
  imperial: { roles: ['attorney'], partner: null, displayName: 'Imelda Imperial', counties: ['06025'] },
  translator: { roles: ['translator'], partner: null, displayName: 'Tomás Translator', counties: 'all' },
  reconciler: { roles: ['reconciler'], partner: null, displayName: 'Rita Reconciler', counties: 'all' },
  officer_la: { roles: ['partner_officer'], partner: 'mx-consulate-los-angeles', displayName: 'Óscar Oficial', counties: 'all' },
  officer_kr: { roles: ['partner_officer'], partner: 'kr-kcsa', displayName: '김담당', counties: 'all' },
  supervisor: { roles: ['supervisor'], partner: null, displayName: 'Sue Supervisor', counties: 'all' },
  administrator: { roles: ['administrator'], partner: null, displayName: 'Ada Administrator', counties: 'all' },
};

export interface Site {
  readonly db: TestDatabase;
  /** As the operator: to prepare what a test looks at. */
  readonly ctx: Ctx;
  readonly app: ReturnType<typeof buildWebApp>['app'];
  /** A browser in which this person is signed in; always the same one. */
  signedIn(who: string): Promise<TestAgent>;
}

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened.splice(0)) await close();
});

/** The operator, now, with keys that also sign. */
export async function operatorOf(db: TestDatabase): Promise<Ctx> {
  return { ...testCtx(db, { kind: 'system', id: 'operator' }), clock: systemClock, keys: keyRingOf(await newKeyFile()) };
}

/** The real application on a real database, with an account for everybody in `PEOPLE`. */
export async function openSite(): Promise<Site> {
  const db = await testDatabase();
  const ctx = await operatorOf(db);
  for (const [userName, person] of Object.entries(PEOPLE)) {
    await createUser(ctx, { ...person, userName, password: PASSWORD, language: 'en' });
  }
  const web = buildWebApp(ctx, [], UNHURRIED);
  const browsers = new Map<string, TestAgent>();
  opened.push(() => web.close());
  return {
    db, ctx, app: web.app,
    signedIn: async (who) => {
      const known = browsers.get(who);
      if (known) return known;
      const agent = supertest.agent(web.app);
      browsers.set(who, agent);
      const { status } = await signIn(agent, who, PASSWORD);
      if (status !== 303) throw new Error(`${who} could not sign in: ${status}`);
      return agent;
    },
  };
}

/** Fills in the sign-in form and sends it. */
export async function signIn(agent: TestAgent, userName: string, password: string, next = '/'): Promise<supertest.Response> {
  const form_token = await tokenOf(agent, '/sign-in');
  return agent.post('/sign-in').type('form').send({ form_token, user_name: userName, password, next });
}

/** The synchroniser token that a page of this agent carries. */
export async function tokenOf(agent: TestAgent, path: string): Promise<string> {
  return hiddenField((await agent.get(path)).text, 'form_token');
}

export function hiddenField(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}
