export { nobleCrypto as defaultCrypto } from './index.ts';
