import { packageConfig } from '../../vitest.shared.ts';

/** The long run, whose figures stand in docs/fleet.md. */
export default packageConfig('tls-fleet-trial', { include: ['test/trial/*.trial.ts'], testTimeout: 7_200_000 });
