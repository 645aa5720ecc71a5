import { registerCryptoProviderTests } from '@org/tls-crypto/test';
import { nativeCrypto } from '../src/crypto/index.ts';

registerCryptoProviderTests(nativeCrypto);
