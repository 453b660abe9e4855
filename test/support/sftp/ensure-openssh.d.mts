export function ensureOpenssh(): { sftp: string | null; keygen: string | null; reason: string };
