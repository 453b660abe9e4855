import {
  addPartnerKey, clientState, createClient, LIFE_DAYS_DEFAULT, LIFE_DAYS_MAX, listClients, listPartnerKeys, revokeClient, revokePartnerKey, rotateClient, SCOPES, submitOnce,
} from '../../../modules/identity/index.ts';
import type { ShownSecret } from '../../../modules/identity/index.ts';
import { findPartner, listPartners } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { choiceOf } from '../../choices.ts';
import { newFormId } from '../../form-id.ts';
import { wantsNamedCsv } from '../../named-list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallColumn, SmallList } from '../../small-list.ts';
import { field, fields, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

interface Entered {
  readonly partner: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly networks: string;
  readonly days: string;
  readonly publicKey: string;
}
type Form = 'client' | 'key';

interface Shown {
  readonly form?: Form;
  readonly entered?: Entered;
  readonly faults?: readonly { readonly field: string; readonly text: string }[];
  readonly secret?: ShownSecret;
  /** What is about to be shut out, once this is confirmed. */
  readonly asked?: string;
}

const NOTHING: Entered = { partner: '', name: '', scopes: [], networks: '', days: String(LIFE_DAYS_DEFAULT), publicKey: '' };
const DONE = ['revoked', 'added', 'made'];

const enteredBy = (visit: Visit): Entered => ({
  partner: field(visit, 'partner', 80), name: field(visit, 'name', 200), scopes: fields(visit, 'scopes'), networks: field(visit, 'networks', 2_000), days: field(visit, 'days', 6),
  publicKey: field(visit, 'public_key', 5_000),
});
const networksOf = ({ networks }: Entered): string[] => networks.split(/\s+/).filter((text) => text !== '');
const daysOf = ({ days }: Entered): number => (/^\d{1,6}$/.test(days) ? Number(days) : Number.NaN);

type Way = { readonly partnerId: string; readonly name: string; readonly networks: readonly string[]; readonly expiresAt: Date; readonly lastUsedAt: Date | null; readonly revokedAt: Date | null };

function lineOf<T extends Way>(visit: Visit, one: T) {
  const { ctx, t, format } = visit;
  return {
    ...one, partner: partnerNameOf(one.partnerId, visit, 'short'), state: clientState(one, ctx.clock.now()), ends: format.instant(one.expiresAt),
    used: one.lastUsedAt === null ? t('clients:page.never') : format.instant(one.lastUsedAt), from: one.networks.length === 0 ? t('clients:page.anywhere') : one.networks.join(', '),
  };
}

/** What both lists show of a way in; `what` is the one column in which they differ. */
function columnsOf<T extends Way & { readonly partner: string; readonly state: string; readonly from: string }>({ t }: Visit, what: SmallColumn<T>): SmallColumn<T>[] {
  const say = (key: string): string => t(`clients:page.${key}`);
  const state = (one: T): string => t(`clients:state.${one.state}`);
  return [
    { key: 'name', label: say('name'), by: ({ name }) => name, cells: ({ name }) => name }, { key: 'partner', label: say('partner'), by: ({ partner }) => partner, cells: ({ partner }) => partner }, what,
    { key: 'state', label: say('state'), by: state, cells: state }, { key: 'expires', label: say('expires'), by: ({ expiresAt }) => expiresAt.getTime(), cells: ({ expiresAt }) => expiresAt.toISOString() },
    { key: 'used', label: say('used'), by: ({ lastUsedAt }) => lastUsedAt?.getTime() ?? null, cells: ({ lastUsedAt }) => lastUsedAt?.toISOString() ?? '' }, { key: 'from', label: say('from'), cells: ({ from }) => from },
  ];
}

const STATES = ['active', 'expired', 'revoked'] as const;

/** Programs and keys, as the address narrows them. */
async function listsOf(visit: Visit) {
  const { ctx, t } = visit;
  const partner = choiceOf(visit, 'partner', t('clients:page.partner'), listPartners().map(({ partnerId }) => [partnerId, partnerNameOf(partnerId, visit, 'short')] as const));
  const state = choiceOf(visit, 'state', t('clients:page.state'), STATES.map((one) => [one, t(`clients:state.${one}`)] as const));
  const isAsked = (one: { readonly partnerId: string; readonly state: string }): boolean => (partner.value === '' || one.partnerId === partner.value) && (state.value === '' || one.state === state.value);
  const [allClients, allKeys] = [(await listClients(ctx)).map((one) => lineOf(visit, one)), (await listPartnerKeys(ctx)).map((one) => lineOf(visit, one))];
  const scopesOf = ({ scopes }: (typeof allClients)[number]): string => scopes.map((scope) => t(`clients:scope.${scope.replace(':', '_')}`)).join('; ');
  const clients: SmallList<(typeof allClients)[number]> = {
    name: 'clients', file: 'clients', rows: allClients.filter(isAsked), usual: { by: 'name', isDescending: false }, idOf: ({ clientId }) => clientId,
    columns: columnsOf<(typeof allClients)[number]>(visit, { key: 'scopes', label: t('clients:page.scopes'), cells: scopesOf }),
  };
  const keys: SmallList<(typeof allKeys)[number]> = {
    name: 'keys', file: 'client-keys', rows: allKeys.filter(isAsked), usual: { by: 'name', isDescending: false }, idOf: ({ keyId }) => keyId,
    columns: columnsOf<(typeof allKeys)[number]>(visit, { key: 'fingerprint', label: t('clients:page.fingerprint'), cells: ({ fingerprint }) => fingerprint }),
  };
  return { clients, keys, all: [...allClients.map((one) => ({ ...one, id: one.clientId, isKey: false })), ...allKeys.map((one) => ({ ...one, id: one.keyId, isKey: true }))], choices: [partner, state] };
}

async function list(visit: Visit): Promise<Reply> {
  if (!wantsNamedCsv(visit, 'clients') && !wantsNamedCsv(visit, 'keys')) return show(visit);
  const { clients, keys } = await listsOf(visit);
  return wantsNamedCsv(visit, 'keys') ? smallCsv(visit, keys) : smallCsv(visit, clients);
}

async function show(visit: Visit, shown: Shown = {}, status = 200): Promise<Reply> {
  const { ctx } = visit;
  const done = queryText(visit, 'done', 10);
  const { clients, keys, all, choices } = await listsOf(visit);
  const asked = all.find(({ id, state }) => id === shown.asked && state !== 'revoked');
  return view('administrator/clients', {
    clients: smallList(visit, clients), keys: smallList(visit, keys), choices, kept: ['clients_sort', 'keys_sort'].map((name) => [name, queryText(visit, name, 40)]), isNarrowed: choices.some(({ value }) => value !== ''),
    asked: asked ?? null, mayManage: isAllowed(ctx, 'clients.manage') && ctx.actor.counties === 'all',
    partners: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })), scopes: SCOPES, daysMax: LIFE_DAYS_MAX, formId: newFormId(),
    form: shown.form ?? null, entered: shown.entered ?? NOTHING, faults: shown.faults ?? [], secret: shown.secret ?? null, done: DONE.includes(done) ? done : null,
  }, status);
}

/** The fields of the two forms, by what a finding names. */
const FIELDS: Readonly<Record<string, string>> = { name: 'name', days: 'days', networks: 'networks', scopes: 'scopes' };

function refused(visit: Visit, form: Form, error: unknown): Promise<Reply> {
  if (!(error instanceof AppError) || !error.code.startsWith('client.') || error.kind === 'forbidden') throw error;
  const words = wordsFor(visit.language);
  const faults = error.findings.length > 0
    ? error.findings.map((finding) => ({ field: `${form}_${FIELDS[finding.path?.split('/')[1] ?? ''] ?? 'name'}`, text: words.finding(finding) }))
    : [{ field: `${form}_public_key`, text: words.error(error.code, error.params) }];
  return show(visit, { form, entered: enteredBy(visit), faults }, 422);
}

function partnerMissing(visit: Visit, form: Form): Promise<Reply> | null {
  if (findPartner(field(visit, 'partner', 80))) return null;
  return show(visit, { form, entered: enteredBy(visit), faults: [{ field: `${form}_partner`, text: visit.t('clients:page.partner_missing') }] }, 422);
}

/** The secret is shown in the answer to the form and never stored: sent again, the form only says that it was done. */
const create: Handler = async (visit) => {
  const missing = partnerMissing(visit, 'client');
  if (missing) return missing;
  const entered = enteredBy(visit);
  let secret: ShownSecret | undefined;
  try {
    await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      secret = await createClient(tx, { partnerId: entered.partner, name: entered.name, scopes: entered.scopes, networks: networksOf(entered), days: daysOf(entered) });
      return secret.clientId;
    });
  } catch (error) {
    return refused(visit, 'client', error);
  }
  return secret ? show(visit, { secret }) : redirect('/clients?done=made');
};

const rotate: Handler = async (visit) => {
  let secret: ShownSecret | undefined;
  await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
    secret = await rotateClient(tx, field(visit, 'client_id', 40));
    return secret.clientId;
  });
  return secret ? show(visit, { secret }) : redirect('/clients?done=made');
};

const revoke: Handler = async (visit) => {
  await revokeClient(visit.ctx, field(visit, 'client_id', 40));
  return redirect('/clients?done=revoked');
};

const addKey: Handler = async (visit) => {
  const missing = partnerMissing(visit, 'key');
  if (missing) return missing;
  const entered = enteredBy(visit);
  try {
    await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      const { keyId } = await addPartnerKey(tx, { partnerId: entered.partner, name: entered.name, publicKey: entered.publicKey, networks: networksOf(entered), days: daysOf(entered) });
      return keyId;
    });
  } catch (error) {
    return refused(visit, 'key', error);
  }
  return redirect('/clients?done=added');
};

const revokeKey: Handler = async (visit) => {
  await revokePartnerKey(visit.ctx, field(visit, 'key_id', 40));
  return redirect('/clients?done=revoked');
};

/** Nothing shut out comes back, so the page asks before. */
const ask = (name: string): Handler => async (visit) => show(visit, { asked: queryText(visit, name, 40) });

const back: Handler = async () => redirect('/clients');

/** Programs and keys of partners: who comes in, how long, from where. */
export const clientPages: readonly Page[] = [
  { path: '/clients', access: 'clients.view', get: list },
  { path: '/clients/new', access: 'clients.manage', get: back, post: create },
  { path: '/clients/rotate', access: 'clients.manage', get: back, post: rotate },
  { path: '/clients/revoke', access: 'clients.manage', get: ask('client_id'), post: revoke },
  { path: '/clients/keys/new', access: 'clients.manage', get: back, post: addKey },
  { path: '/clients/keys/revoke', access: 'clients.manage', get: ask('key_id'), post: revokeKey },
];
