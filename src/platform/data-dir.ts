import { mkdirSync } from 'node:fs';

/**
 * Makes the data directory where it is missing, for its user alone. Run by root, the embedded server is another user, who
 * must be able to pass through (never to list); everything private inside is private itself.
 */
export function makeDataDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}
