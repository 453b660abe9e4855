export function ensureChromium(): { path: string | null; reason: string };
