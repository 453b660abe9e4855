/** The interview of a referral: what is asked, what was answered, and what of it may leave. */
export { discloseInterview } from './disclose-interview.rules.ts';
export type { DisclosedInterview, InterviewToDisclose, NarrativeSource } from './disclose-interview.rules.ts';
export { interviewFindings, missingAnswers } from './interview-completeness.rules.ts';
export { NO_ANSWERS, sectionsFor } from './interview-definition.rules.ts';
export type { InterviewAnswers, InterviewDefinition, InterviewField, InterviewSection, SectionAnswers, StoredAnswer } from './interview-definition.rules.ts';
export { interviewOf } from './interview-of.ts';
export type { RecordedInterview } from './interview-of.ts';
export { interviewDefinition, loadInterviews } from './interviews.ts';
export { validateAnswers } from './answers.rules.ts';
export { readInterview } from './read-interview.ts';
export type { InterviewChild, InterviewView } from './read-interview.ts';
export { saveInterview, saveInterviewPart } from './save-interview.ts';
export type { InterviewPart, SavedInterview } from './save-interview.ts';
