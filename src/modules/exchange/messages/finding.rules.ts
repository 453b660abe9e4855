import type { Finding, Param } from '../../../platform/errors.ts';

export const fault = (code: string, path: string, params: Record<string, Param> = {}): Finding => ({ code, severity: 'block', path, params });
export const notice = (code: string, path: string, params: Record<string, Param> = {}): Finding => ({ code, severity: 'warn', path, params });
