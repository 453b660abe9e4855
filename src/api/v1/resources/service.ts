import { issueToken } from '../../../modules/identity/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { clientOf } from '../caller.ts';

export const getStatus: Handler = async (call) => {
  const client = clientOf(call);
  return json({
    clientId: client.id, partnerId: client.partner, agency: client.agency, scopes: client.scopes, requestsPerMinute: client.requestsPerMinute, now: call.ctx.clock.now().toISOString(),
  });
};

/** OAuth 2.0, client credentials: the secret in the form, or in HTTP Basic authentication. */
export const getToken: Handler = async (call) => {
  const form = call.body as { client_id?: string; client_secret?: string; scope?: string };
  const basic = readBasic(call.header('authorization'));
  const given = basic ?? { id: form.client_id ?? '', secret: form.client_secret ?? '' };
  // The secret names its client itself; one that is said to be another's is a mistake worth refusing.
  if (!given.secret.startsWith(`pnt_${given.id}_`)) throw new AppError('unauthenticated', 'client.refused');
  const wanted = form.scope === undefined || form.scope.trim() === '' ? null : [...new Set(form.scope.trim().split(/\s+/))];
  const { token, seconds, scopes } = await issueToken(call.ctx, given.secret, call.address, wanted);
  return json({ access_token: token, token_type: 'Bearer', expires_in: seconds, scope: scopes.join(' ') });
};

function readBasic(header: string | undefined): { id: string; secret: string } | null {
  const encoded = /^basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { id: unescaped(text.slice(0, colon)), secret: unescaped(text.slice(colon + 1)) };
}

/** OAuth has both percent-encoded within Basic; ours need no encoding, so what cannot be decoded is none of ours. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
