/** The sworn statement of arrears: what is owed month by month, with interest by the law of the issuing jurisdiction. */
export { arrearsStatements, statementDay } from './arrears.rules.ts';
export type { ArrearsInput, ArrearsOrder, ArrearsResult } from './arrears.rules.ts';
export { interestRules } from './interest-rules.ts';
export type { InterestRule } from './interest-rule.rules.ts';
