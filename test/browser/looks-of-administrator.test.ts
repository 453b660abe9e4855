import { changePartnerDraft } from '../../src/modules/partners/index.ts';
import type { PartnerProfile } from '../../src/modules/partners/index.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';

/** Presses a button of the form and waits for the answer, which begins with what is wrong or with the row that was added. */
const press = (selector: string): NonNullable<Look['act']> => async (page) => {
  await page.click(selector);
  await page.waitForSelector('.pu-error-summary, fieldset[autofocus]', { timeout: 15_000 });
};

/** Fills in fields, then presses the button. */
const fill = (fields: Readonly<Record<string, string>>, selector: string): NonNullable<Look['act']> => async (page, ...rest) => {
  for (const [name, text] of Object.entries(fields)) await page.fill(`[name="${name}"]`, text);
  await press(selector)(page, ...rest);
};

// In a file of its own, so that two are looked at at once.
lookAt({
  administrator: [
    { name: 'administration', path: '/administration' },
    { name: 'admin-partners', path: '/administration/partners' },
    { name: 'admin-partners-empty', state: 'empty', path: '/administration/partners?q=nobody' },
    { name: 'admin-partner', path: '/administration/partners/kr-kcsa' },
    { name: 'admin-part', path: '/administration/partners/kr-kcsa/part?at=%2Fnames' },
    { name: 'admin-part-rows', path: '/administration/partners/mx-sre/part?at=%2Fchannels' },
    { name: 'admin-part-dialect', path: '/administration/partners/kr-kcsa/part?at=%2Ffiles%2Fforwarding' },
    { name: 'admin-part-empty', state: 'empty', path: '/administration/partners/mx-sre/part?at=%2FpaymentOrders' },
    { name: 'admin-part-wrong', state: 'error', path: '/administration/partners/mx-sre/part?at=%2Fchannels', act: fill({ '/channels/value/1/waitDays': 'many', '/channels/value/2/waitDays': '900' }, 'main .pu-actions button[value=save]') },
    { name: 'admin-part-added', path: '/administration/partners/mx-sre/part?at=%2Faddresses', act: press('button[value^="add:"]') },
    { name: 'admin-json-wrong', state: 'error', path: '/administration/partners/mx-sre/json', act: fill({ json: '{"partnerId": "mx-sre",\n "names": 1}' }, 'main form button.usa-button') },
    { name: 'admin-partners-wrong', state: 'error', page: '/administration/partners/new', path: '/administration/partners', act: fill({ partner_id: 'NOPE!' }, 'main form[method=post] button') },
    { name: 'admin-draft', path: '/administration/partners/mx-consulate-calexico' },
    { name: 'admin-drop', path: '/administration/partners/mx-consulate-calexico/drop' },
    { name: 'admin-review', path: '/administration/partners/mx-consulate-calexico/review' },
    { name: 'admin-review-wrong', state: 'error', path: '/administration/partners/mx-consulate-los-angeles/review', act: press('main form[method=post] button') },
    { name: 'glossary-term-wrong', state: 'error', path: '/administration/glossary/party.obligee', act: fill({ ko: '' }, 'main .pu-actions button[value=save]') },
    { name: 'admin-part-none', path: '/administration/partners/mx-sre/part?at=%2Fnothing', status: 404 },
    { name: 'admin-json', path: '/administration/partners/mx-sre/json' },
    { name: 'admin-version', path: '/administration/partners/mx-sre/versions/0' },
    { name: 'admin-review-none', path: '/administration/partners/mx-sre/review', status: 404 },
    { name: 'glossary', path: '/administration/glossary' },
    { name: 'glossary-empty', state: 'empty', path: '/administration/glossary?q=xyzzy' },
    { name: 'glossary-term', path: '/administration/glossary/party.obligor' },
    { name: 'glossary-import', path: '/administration/glossary-import' },
    { name: 'forms', path: '/administration/forms' },
    { name: 'form-sample-empty', path: '/administration/forms/sample' },
    { name: 'form-sample', path: '/administration/forms/sample/mx-sre/service-enforce' },
    { name: 'form-sample-wrong', state: 'error', path: '/administration/forms/sample?partner=&what=', status: 422 },
    { name: 'forms-empty', state: 'empty', path: '/administration/forms?show=nothing' },
    { name: 'admin-data', path: '/administration/data' },
    { name: 'admin-keys', path: '/administration/keys' },
    { name: 'to-confirm', path: '/administration/to-confirm' },
    { name: 'to-confirm-empty', state: 'empty', path: '/administration/to-confirm?q=xyzzy' },
  ],
}, async ({ ctx }) => {
  // Two drafts: one that needs a second person, one that does not.
  const changed = (before: unknown, more: Partial<PartnerProfile>) => ({ ...(before as PartnerProfile), ...more });
  await changePartnerDraft(ctx, 'mx-consulate-calexico', 0, (before) => changed(before, {
    sealedPart: { value: true, confirmed: false, sources: ['entered'] },
    exchangeBasis: { value: { basis: 'informal', approverNeeded: true }, confirmed: false, sources: ['entered'] },
    services: { value: ['locate', 'status'], confirmed: false, sources: ['entered'] },
  }));
  await changePartnerDraft(ctx, 'mx-consulate-los-angeles', 0, (before) => changed(before, { shortNames: { value: { 'en': 'Consulate in L.A.', 'es-MX': 'Consulado en L.A.', 'ko-KR': 'LA 주재 멕시코 영사관' }, confirmed: false, sources: ['entered'] } }));
});
