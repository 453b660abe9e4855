export { buildHttpApp } from './app.ts';
export type { HttpParts } from './app.ts';
export { loadAssets } from './assets.ts';
export type { Assets } from './assets.ts';
export { payeeLimit, sendLimit, signInLimits } from './limits.ts';
export { listen } from './listen.ts';
export type { Listening } from './listen.ts';
export { DOCUMENT_POLICY } from './security-headers.ts';
export { beginSession, endSession, formToken } from './session.ts';
