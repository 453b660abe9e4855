import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { lookAt } from './look.ts';

const { plain, protected: hidden, hostile } = SAMPLE_CASES;

lookAt({
  attorney: [
    { name: 'search-found', path: '/cases?search=n%C3%BA%C3%B1ez' },
    { name: 'search-hangul', path: `/cases?search=${encodeURIComponent('ㄱㅁㅅ')}` },
    { name: 'search-nothing', state: 'empty', path: '/cases?search=nobody' },
    { name: 'search-refused', state: 'error', path: '/cases?refused=identifier' },
    { name: 'search-narrowed', path: '/cases?status=closed&sort=-opened' },
    { name: 'case-glance', path: `/cases/${plain.caseId}` },
    { name: 'case-protected', path: `/cases/${hidden.caseId}` },
    { name: 'case-long-names', path: `/cases/${hostile.caseId}` },
    { name: 'begin', path: `/conversations/begin?case=${hidden.caseId}` },
    { name: 'begin-nothing-sent', path: `/conversations/begin?case=${plain.caseId}` },
    { name: 'queue-sorted', path: '/queue?show=all&sort=-case' },
    { name: 'incoming-decided', path: '/incoming?show=decided' },
    { name: 'inquiries-over', path: '/inquiries?show=over' },
    { name: 'applications-list', path: '/applications' },
    { name: 'reminders-none', state: 'empty', path: '/reminders' },
  ],
  supervisor: [{ name: 'case-with-money', path: `/cases/${plain.caseId}` }, { name: 'queue-supervised', path: '/queue' }],
  imperial: [{ name: 'conversations-of-none', state: 'empty', path: '/conversations' }, { name: 'incoming-of-none', state: 'empty', path: '/incoming' }],
});
