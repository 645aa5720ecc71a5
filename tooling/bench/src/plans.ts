import type { Plan } from './case-run.ts';

/** How much is measured, by the name that the command line takes. */
export const plans: Readonly<Record<string, Plan>> = {
  /** For a look while one works: a figure is right to a fifth or so. */
  quick: {
    rounds: 3,
    sample: 150,
    warmUp: 0.25,
    firstContactWarmUp: 1,
    noise: Number.POSITIVE_INFINITY,
    repeats: 0,
    once: 0.25,
  },
  usual: { rounds: 5, sample: 300, warmUp: 4, firstContactWarmUp: 1, noise: 0.2, repeats: 1, once: 1 },
  thorough: { rounds: 8, sample: 500, warmUp: 4, firstContactWarmUp: 1, noise: 0.1, repeats: 2, once: 1 },
};
