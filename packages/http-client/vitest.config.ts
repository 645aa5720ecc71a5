import { packageConfig } from '../../vitest.shared.ts';

export default packageConfig('http-client');
