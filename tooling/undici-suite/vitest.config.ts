import { packageConfig } from '../../vitest.shared.ts';

export default packageConfig('undici-suite');
