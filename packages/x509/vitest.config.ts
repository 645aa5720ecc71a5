import { packageConfig } from '../../vitest.shared.ts';

export default packageConfig('x509');
