export { nodeCrypto as defaultCrypto } from './index.ts';
