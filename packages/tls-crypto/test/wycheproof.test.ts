import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { registerWycheproofTests } from './wycheproof-suites.ts';

registerWycheproofTests(nodeCrypto);
registerWycheproofTests(nobleCrypto);
