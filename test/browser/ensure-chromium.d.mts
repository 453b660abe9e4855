export function ensureChromium(): { path?: string; reason?: string };
