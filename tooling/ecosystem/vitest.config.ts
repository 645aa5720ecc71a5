import { packageConfig } from '../../vitest.shared.ts';

export default packageConfig('ecosystem', { maxConcurrency: 2 });
