import type { LoadGauge } from '../../src/http/index.ts';

/** For tests of anything but load: a machine that runs several suites at once is no reason to refuse a visitor. */
export const UNHURRIED: LoadGauge = { lagMs: () => 0 };
