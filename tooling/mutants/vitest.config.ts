import { packageConfig } from '../../vitest.shared.ts';

export default packageConfig('mutants', { testTimeout: 300_000 });
