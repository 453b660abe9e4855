export { actorOf } from './actor-of.ts';
export { createUser } from './create-user.ts';
export { listUsers } from './list-users.ts';
export { signIn } from './sign-in.ts';
export type { Credentials, SignedIn } from './sign-in.ts';
export { submitOnce } from './submit-once.ts';
export { USER_ROLES } from './user.rules.ts';
export type { NewUser, UserRole } from './user.rules.ts';
export type { User } from './user.store.ts';
