import { lookAt } from './look.ts';

/** The pages of partners' officers: filled, empty and refused; help and the tour. */
lookAt({
  stranger: [
    { name: 'help', path: '/help' },
    { name: 'help of the packet', path: '/help/packet' },
    { name: 'help of the clocks', path: '/help/clocks' },
    { name: 'help of the law', path: '/help/law' },
    { name: 'glossary', path: '/help/glossary' },
    { name: 'glossary, empty', state: 'empty', path: '/help/glossary?q=zzzz' },
  ],
  officer_la: [
    { name: 'inbox', path: '/inbox' },
    { name: 'inbox, nothing found', state: 'empty', path: '/inbox?q=Zzzz' },
    { name: 'request', path: ({ sent }) => `/inbox/${sent}` },
    { name: 'word to the county', path: ({ sent }) => `/inbox/${sent}/tell?move=refuse` },
    { name: 'list to choose', path: '/lists/send' },
    { name: 'lists', path: '/lists' },
    { name: 'sending', path: '/send' },
    { name: 'receipts', path: '/receipts' },
    { name: 'receipts, none', state: 'empty', path: '/receipts?page=900' },
    { name: 'tour', path: '/tour' },
    { name: 'tour step', path: '/tour/packet' },
    { name: 'tour to print', path: '/tour/print' },
  ],
});
