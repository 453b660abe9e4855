import { hiddenField } from './web-site.ts';
import type { Site } from './web-site.ts';

/** Makes a referral by its form; gives its address. */
export async function refer(site: Site, who: string, caseId: string, partner: string, services: string[]): Promise<string> {
  const agent = await site.signedIn(who);
  const page = (await agent.get(`/cases/${caseId}/refer`)).text;
  const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), partner, services };
  const sent = await agent.post(`/cases/${caseId}/refer`).type('form').send(form);
  expect(sent.status).toBe(303);
  return (sent.headers['location'] as string).split('?')[0] as string;
}

/** Presses the button of the page on which a referral is signed, sent or recalled; signing is confirmed unless a field says otherwise. */
export async function press(site: Site, who: string, address: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  const page = (await agent.get(address.replace(/\/seal$/, '/sign').replace(/\/recall$/, ''))).text;
  const confirmed = address.endsWith('/seal') ? { confirm: 'yes' } : {};
  return agent.post(address).type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), ...confirmed, ...fields });
}

/** A file as it comes over the wire. */
export function collect(res: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk));
  res.on('end', () => done(null, Buffer.concat(chunks)));
}
