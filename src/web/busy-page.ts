import type { Request, Response } from 'express';
import { languageFor } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import { chosenLanguage } from '../http/index.ts';
import type { Assets } from '../http/index.ts';
import { renderPage } from './render.ts';

/** What is told to whoever comes when there is more to do than can be done: made once for each language, so that it costs next to nothing. */
export function busyPage(assets: Assets): (req: Request, res: Response) => void {
  const made = new Map<Language, string>();
  return (req, res) => {
    // Programs read what their edge always says; they come again after the time in the header.
    if (req.path.startsWith('/api/')) return void res.type('application/problem+json').send(JSON.stringify({ type: '/errors/unavailable', title: 'Unavailable', status: 503, code: 'web.busy' }));
    const language = chosenLanguage(req) ?? languageFor(req.get('accept-language') ?? '');
    let html = made.get(language);
    if (html === undefined) made.set(language, html = pageIn(language, assets));
    res.set({ 'Content-Language': language, 'Vary': 'Cookie, Accept-Language', 'Cache-Control': 'no-store' }).type('html').send(html);
  };
}

function pageIn(language: Language, assets: Assets): string {
  const data = { status: 503, requestId: null, code: 'web.busy', params: {}, findings: [], back: null };
  return renderPage('anyone/error', data, {
    language, address: '/', asset: assets.href, person: null, navigation: [], navigationGroups: [], places: [], hiddenFields: () => '', timeZone: 'UTC', isOneTime: false,
    formMarks: { page: '/', owner: () => '', kept: null }, session: null,
  });
}
