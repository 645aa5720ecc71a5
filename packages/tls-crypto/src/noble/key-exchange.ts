import { keyExchangeOf } from '../provider-rules/kem.ts';
import { nobleEcdh } from './ecdh.ts';
import { nobleMlKem } from './ml-kem.ts';

/** The key exchanges with noble, post-quantum ones among them. */
export const nobleKeyExchange = keyExchangeOf({ kem: (parameterSet) => nobleMlKem[parameterSet], ecdh: nobleEcdh });
