import { lookAt, refused } from './look.ts';

lookAt({
  attorney: [
    { name: 'conversations', path: '/conversations' },
    { name: 'conversation', path: (story) => `/conversations/${story.conversation}?done=sent` },
    { name: 'conversation-korea', path: (story) => `/conversations/${story.conversationKorea}` },
    { name: 'referral-said', path: (story) => `/referrals/${story.sent}` },
    { name: 'message-numbers', path: (story) => `/messages/${story.messageNumbers}` },
    { name: 'message-came', path: (story) => `/messages/${story.messageCame}` },
    { name: 'message-draft', path: (story) => `/messages/${story.messageDraft}` },
    { name: 'write-payments', path: (story) => `/conversations/${story.conversation}/write?kind=paymentLocationChange` },
    { name: 'write-reply', path: (story) => `/conversations/${story.conversation}/write?kind=documentRequest` },
    { name: 'documents', path: (story) => `/conversations/${story.conversation}/documents` },
    refused('/conversations/:conversationId/documents', (story) => `/conversations/${story.conversation}/documents`, { reason: '' }),
    { name: 'drafts', path: '/drafts' },
    { name: 'parked', path: '/parked' },
    { name: 'parked-one', path: (story) => `/parked/${story.parkedOne}` },
    { name: 'deliveries', path: '/deliveries' },
    { name: 'delivery', path: (story) => `/deliveries/${story.messageRead}` },
  ],
  imperial: [{ name: 'conversations-none', state: 'empty', path: '/conversations' }, { name: 'parked-none', state: 'empty', path: '/parked' }, { name: 'drafts-none', state: 'empty', path: '/drafts' }],
  officer_la: [
    { name: 'messages', path: '/conversations' },
    { name: 'conversation-own', path: (story) => `/conversations/${story.conversation}` },
    { name: 'message-own', path: (story) => `/messages/${story.messageRead}` },
    { name: 'acknowledge', path: (story) => `/conversations/${story.conversation}/write?kind=acknowledgment` },
    { name: 'papers', path: (story) => `/conversations/${story.conversation}/write?kind=documentResponse` },
    { name: 'message-papers', path: (story) => `/messages/${story.messagePapers}` },
    { name: 'papers-check', path: (story) => `/messages/${story.messagePapers}/check` },
    { name: 'draft-of-ours', path: (story) => `/messages/${story.messageDraft}`, status: 404 },
  ],
  officer_kr: [{ name: 'messages-korea', path: '/conversations' }, { name: 'message-korea', path: (story) => `/messages/${story.messageKorea}` }],
});
