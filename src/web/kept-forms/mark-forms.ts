import { createHash } from 'node:crypto';

/** What every form into which something can be typed carries besides, so that nothing of it is lost. */
export interface FormMarks {
  /** Address of the page on which it stands. */
  readonly page: string;
  /** Mark of whoever fills it in. */
  readonly owner: () => string;
  /** Where this page shows again what was kept: the id, to forget it once the form is sent, and of which form it was. */
  readonly kept: { readonly id: string; readonly at: string } | null;
}

export interface MarkedForms {
  readonly html: string;
  /** The form that a change of language takes along; null where nothing can be typed. */
  readonly main: { readonly id: string; readonly method: 'get' | 'post'; readonly defaultButton: string } | null;
}

interface Found { tag: string; inner: string; start: number; isPost: boolean; id: string; typed: number; at: string }

/**
 * Goes through the forms of a page of ours (templates escape every value, so a tag ends at its first `>`): each has an id, is sent once, and
 * those into which something can be typed carry their marks.
 */
export function markForms(html: string, marks: FormMarks): MarkedForms {
  const forms = formsOf(html);
  let out = '';
  let from = 0;
  for (const form of forms) {
    out += html.slice(from, form.start) + tagOf(form) + (form.isPost && form.typed > 0 ? hiddenOf(form, marks) : '');
    from = form.start + form.tag.length;
  }
  return { html: out + html.slice(from), main: mainOf(forms, marks.page) };
}

function formsOf(html: string): Found[] {
  const forms: Found[] = [];
  const seen = new Map<string, number>();
  for (const { 0: tag, index } of html.matchAll(/<form\b[^>]*>/g)) {
    const method = attribute(tag, 'method') ?? 'get';
    if (method === 'dialog') continue;
    const end = html.indexOf('</form>', index);
    const inner = html.slice(index + tag.length, end < 0 ? undefined : end);
    const typed = typedIn(inner);
    const key = typed > 0 ? `${attribute(tag, 'action') ?? ''} ${digestOf(inner)}` : '';
    seen.set(key, (seen.get(key) ?? 0) + 1);
    forms.push({ tag, inner, start: index, isPost: method === 'post', id: attribute(tag, 'id') ?? `form-${forms.length + 1}`, typed, at: `${key} ${seen.get(key)}` });
  }
  return forms;
}

/** Kinds of input into which nobody types, or whose content is never given back. */
const NOT_TYPED = new Set(['hidden', 'submit', 'button', 'reset', 'image', 'file', 'password']);

function typedIn(inner: string): number {
  const inputs = [...inner.matchAll(/<input\b[^>]*>/g)].filter(({ 0: tag }) => !NOT_TYPED.has(attribute(tag, 'type') ?? 'text'));
  return inputs.length + [...inner.matchAll(/<(?:textarea|select)\b/g)].length;
}

/** What sets forms of the same address apart: their hidden values, but for those that are new each time. */
function digestOf(inner: string): string {
  const hidden = [...inner.matchAll(/<input\b[^>]*>/g)].map(({ 0: tag }) => tag)
    .filter((tag) => attribute(tag, 'type') === 'hidden' && !(attribute(tag, 'name') ?? '').startsWith('form_'));
  return createHash('sha256').update(hidden.map((tag) => `${attribute(tag, 'name')}=${attribute(tag, 'value')}`).join('\n')).digest('hex').slice(0, 8);
}

function tagOf({ tag, inner, isPost, id, typed }: Found): string {
  const own = (attribute(tag, 'data-module') ?? '').split(' ').filter((name) => name !== '');
  const hasFile = /<input\b[^>]*type="file"/.test(inner);
  const modules = isPost ? [...new Set([...own, 'send-once', ...(typed > 0 || hasFile ? ['unsaved'] : []), ...(hasFile ? ['upload'] : [])])] : own;
  const bare = tag.slice(0, -1).replace(/ data-module="[^"]*"/, '');
  return `${bare}${attribute(tag, 'id') === null ? ` id="${id}"` : ''}${modules.length > 0 ? ` data-module="${modules.join(' ')}"` : ''}>`;
}

function hiddenOf(form: Found, marks: FormMarks): string {
  const field = (name: string, value: string): string => `<input type="hidden" name="${name}" value="${escaped(value)}">`;
  const named = (kind: string): string => [...form.inner.matchAll(/<input\b[^>]*>/g)].map(({ 0: tag }) => tag)
    .filter((tag) => attribute(tag, 'type') === kind).map((tag) => attribute(tag, 'name') ?? '').join(' ');
  const secrets = named('password');
  const files = named('file');
  // What comes out of an attribute of ours is already escaped; only the address of the page is not.
  const at = `<input type="hidden" name="form_at" value="${form.at}">`;
  return field('form_page', marks.page) + at + field('form_owner', marks.owner())
    + (secrets === '' ? '' : field('form_secrets', secrets)) + (files === '' ? '' : field('form_files', files))
    + (marks.kept !== null && escaped(marks.kept.at) === form.at ? field('form_kept', marks.kept.id) : '');
}

/** Of several, the one with most to lose; a search gives way to whatever saves. */
function mainOf(forms: readonly Found[], page: string): MarkedForms['main'] {
  const here = escaped(page.split('?')[0] ?? '');
  // A form that reads another address leads there, or prints: a language is no reason for either.
  const isOfThisPage = (action: string | null): boolean => action === null || action === '' || action.split('?')[0] === here;
  const takesLanguage = (form: Found): boolean => form.isPost || (isOfThisPage(attribute(form.tag, 'action')) && !/name="language"/.test(form.inner));
  const [main] = forms.filter((form) => form.typed > 0 && takesLanguage(form)).sort((a, b) => Number(b.isPost) - Number(a.isPost) || b.typed - a.typed);
  return main ? { id: main.id, method: main.isPost ? 'post' : 'get', defaultButton: defaultButton(main) } : null;
}

/**
 * The Enter key presses the first button of a form in the order of the page. The choice of language stands above the form, so before it comes a
 * button that nobody sees and that does what the form's own first button does.
 */
function defaultButton(form: Found): string {
  const own = /<button\b[^>]*>/.exec(form.inner)?.[0] ?? '';
  const kept = ['name', 'value', 'formaction', 'formmethod'].map((name) => [name, attribute(own, name)] as const).filter(([, value]) => value !== null);
  const extra = kept.map(([name, value]) => ` ${name}="${value}"`).join('') + (/\sformnovalidate\b/.test(own) ? ' formnovalidate' : '');
  return `<button type="submit" class="usa-sr-only" form="${form.id}" tabindex="-1" aria-hidden="true"${extra}></button>`;
}

const PATTERNS = new Map<string, RegExp>();

function attribute(tag: string, name: string): string | null {
  let pattern = PATTERNS.get(name);
  if (!pattern) PATTERNS.set(name, pattern = new RegExp(`\\s${name}="([^"]*)"`));
  return pattern.exec(tag)?.[1] ?? null;
}

/** As the templates write them, so that the same text is the same text. */
const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');
}
