import { nobleCrypto } from '../src/noble/index.ts';
import { plainNobleCrypto } from '../src/noble/plain.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { registerWycheproofTests, symmetricFiles } from './wycheproof-suites.ts';

registerWycheproofTests(nodeCrypto);
registerWycheproofTests(nobleCrypto);
registerWycheproofTests(plainNobleCrypto, { name: 'noble without WebAssembly', files: symmetricFiles });
