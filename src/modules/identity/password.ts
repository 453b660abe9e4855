import { hash, verify } from '@node-rs/argon2';
import { isPasswordTooLong } from './user.rules.ts';

/** OWASP's first choice for Argon2id (the library's default variant): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

let nobodysHash: Promise<string> | undefined;

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

/** Whether the password belongs to the hash. Without a hash the same work is done, so that time does not tell who exists. */
export async function isPasswordRight(passwordHash: string | null, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword('nobody has this password');
  const text = isPasswordTooLong(password) ? '' : password.normalize('NFKC');
  const isRight = await verify(passwordHash ?? (await nobodysHash), text);
  return isRight && passwordHash !== null;
}
