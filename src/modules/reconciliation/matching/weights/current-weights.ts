import { readFileSync } from 'node:fs';
import type { Weights } from './weights.rules.ts';

/** The weights in force: data, made by `npm run bench:matching -- --estimate` on labelled lines, with the day they were made. */
export const WEIGHTS = JSON.parse(readFileSync(new URL('./weights.json', import.meta.url), 'utf8')) as Weights;
