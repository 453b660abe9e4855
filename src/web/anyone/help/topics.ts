/** What help tells, in its order. The words are `help:topic.<key>.*`; a section that offices have not confirmed carries the mark that says so. */
export interface HelpSection {
  readonly paragraphs: number;
  readonly isConfirmed: boolean;
}

export interface HelpTopic {
  readonly key: string;
  readonly sections: readonly HelpSection[];
  /** A table of data beneath the words. */
  readonly shows?: 'forms' | 'clocks';
}

const confirmed = (paragraphs: number): HelpSection => ({ paragraphs, isConfirmed: true });
const open = (paragraphs: number): HelpSection => ({ paragraphs, isConfirmed: false });

export const TOPICS: readonly HelpTopic[] = [
  { key: 'county', sections: [confirmed(2), confirmed(2), confirmed(1)] },
  { key: 'law', sections: [confirmed(2), open(3), open(2)] },
  { key: 'hague', sections: [open(2), confirmed(1)] },
  { key: 'packet', sections: [confirmed(2), open(1)], shows: 'forms' },
  { key: 'clocks', sections: [confirmed(2)], shows: 'clocks' },
  { key: 'money', sections: [confirmed(3), confirmed(1), open(1)] },
  { key: 'answer', sections: [confirmed(2), confirmed(1)] },
  { key: 'protected', sections: [confirmed(2), confirmed(1)] },
  { key: 'proof', sections: [confirmed(2)] },
];

export const FORM_KEYS = [
  'transmittal1', 'acknowledgment', 'transmittal2', 'transmittal3', 'petition', 'testimony', 'parentage', 'locate', 'registration', 'controlling', 'confidential', 'personal311', 'payment_location',
] as const;
/** Which of the forms nobody has confirmed as such. */
export const FORMS_OPEN: readonly string[] = ['payment_location'];

/** The deadlines that an officer meets, of the table of all clocks. */
export const CLOCKS_SHOWN = ['referral.send', 'registry.intake', 'status.answer', 'responding.work', 'information.notify', 'information.answer', 'closure.notify', 'closure.inaction', 'collection.disburse', 'hague.acknowledge', 'hague.status'];

export interface TourStep {
  readonly key: string;
  /** The topic of help that tells more. */
  readonly topic: string;
  /** Which of the three answers is right, from 1. */
  readonly right: number;
}

export const OPTIONS = [1, 2, 3] as const;

export const STEPS: readonly TourStep[] = [
  { key: 'who', topic: 'county', right: 2 }, { key: 'program', topic: 'county', right: 1 }, { key: 'basis', topic: 'law', right: 2 }, { key: 'inbox', topic: 'answer', right: 1 },
  { key: 'packet', topic: 'packet', right: 3 }, { key: 'signature', topic: 'proof', right: 2 }, { key: 'clocks', topic: 'clocks', right: 3 }, { key: 'answer', topic: 'answer', right: 2 },
  { key: 'protected', topic: 'protected', right: 3 }, { key: 'money', topic: 'money', right: 1 },
];
