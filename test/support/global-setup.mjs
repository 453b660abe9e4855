// Plain JavaScript, so that jest loads it natively and Node itself strips the types of what it imports.
export { startTestServer as default } from './test-server.ts';
