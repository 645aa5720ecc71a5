import { nobleCrypto } from '../src/noble/index.ts';
import { plainNobleCrypto } from '../src/noble/plain.ts';
import { registerWycheproofTests, symmetricFiles } from './wycheproof-suites.ts';

registerWycheproofTests(nobleCrypto);
registerWycheproofTests(plainNobleCrypto, { name: 'noble without WebAssembly', files: symmetricFiles });
