import { registerWycheproofTests } from '../../tls-crypto/test/wycheproof-suites.ts';
import { nativeCrypto } from '../src/crypto/index.ts';

registerWycheproofTests(nativeCrypto);
