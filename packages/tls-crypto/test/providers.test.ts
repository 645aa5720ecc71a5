import { registerCryptoProviderTests } from '../src/provider-tests/index.ts';
import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { webCrypto } from '../src/web/index.ts';

registerCryptoProviderTests(nodeCrypto);
registerCryptoProviderTests(nobleCrypto);
registerCryptoProviderTests(webCrypto);
