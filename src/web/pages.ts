import { casePage } from './attorney/case/page.ts';
import { casesPage } from './attorney/cases/page.ts';
import { homePage } from './anyone/home/page.ts';
import { partnersPage } from './anyone/partners/page.ts';
import { signInPage } from './anyone/sign-in/page.ts';
import { signOutPage } from './anyone/sign-out/page.ts';
import type { Page } from './visit.ts';

/** Every page of the application. */
export const PAGES: readonly Page[] = [
  signInPage,
  signOutPage,
  homePage,
  partnersPage,
  casesPage,
  casePage,
];
