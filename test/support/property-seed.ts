import fc from 'fast-check';

/** Property tests draw the same values in every run, so that a run can be repeated; another seed is tried with PUENTE_TEST_SEED. */
fc.configureGlobal({ seed: Number(process.env['PUENTE_TEST_SEED'] ?? 20_261_122) });
