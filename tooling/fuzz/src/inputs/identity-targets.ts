import { certificatesInPem, decodePem, looksLikePem, privateKeyInPem } from '@org/tls-core/backend';
import { readIdentity, readPrivateKey } from '@org/tls-identity';
import { createBackend as createNativeBackend } from '@org/tls-native';
import { nativeCrypto } from '@org/tls-native/crypto';
import { createBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { anchorsFrom } from '@org/x509';
import { real, realText } from './corpus.ts';
import { bytesTarget, derTarget, textTarget, type Target } from './target.ts';

const passphrase = 'corpus';
const native = createNativeBackend();
const pure = createBackend({ crypto: nodeCrypto });
const pureNative = createBackend({ crypto: nativeCrypto });
const pureNoble = createBackend({ crypto: nobleCrypto });
const chains = { ec: realText('chain leaf'), rsa: realText('chain rsa') };

export const identityTargets: readonly Target[] = [
  textTarget('decodePem', ['pem', 'chain', 'crl pem'], (text) => {
    looksLikePem(text);
    certificatesInPem(text, 'trust');
    decodePem(text, 'identity', true);
    privateKeyInPem(text, true);
  }),
  textTarget('trust', ['chain'], (text) => anchorsFrom(text)),
  textTarget('trust of the native backend', ['chain'], (text) => native.createClientContext({ trust: text })),
  textTarget('lists', ['crl pem'], (text) => pure.createClientContext({ revocation: { crls: [text] } })),
  textTarget('identity', ['pem', 'jwk'], async (text) =>
    readIdentity({ privateKey: text, certificateChain: chains.ec, passphrase }),
  ),
  textTarget('identity that is all in one', ['pem ec', 'pem rsa', 'pem ed', 'jwk'], async (text) =>
    readIdentity({ privateKey: text, passphrase }),
  ),
  textTarget('chain of an identity', ['chain'], async (text) =>
    readIdentity({ privateKey: real('key leaf'), certificateChain: text }),
  ),
  textTarget('JWK', ['jwk'], async (text) => readPrivateKey(text)),
  derTarget('private key', ['key', 'der', 'pkcs8 '], async (der) => readPrivateKey(der, passphrase)),
  derTarget('private key of a chain', ['key', 'der'], (der) => {
    parsePrivateKey(der);
    pure.createServerContext({ identity: { certificateChain: chains.ec, privateKey: der } });
  }),
  derTarget('private key of a chain, native crypto', ['key', 'der'], (der) =>
    pureNative.createServerContext({ identity: { certificateChain: chains.ec, privateKey: der } }),
  ),
  derTarget('private key of a chain, noble', ['key', 'der'], (der) =>
    pureNoble.createServerContext({ identity: { certificateChain: chains.rsa, privateKey: der } }),
  ),
  derTarget('private key of the native backend', ['key', 'der'], (der) =>
    native.createServerContext({ identity: { certificateChain: chains.ec, privateKey: der } }),
  ),
  derTarget('certificate of the native backend', ['certificate'], (der) =>
    native.createServerContext({ identity: { certificateChain: [der], privateKey: real('key leaf') } }),
  ),
  derTarget('PKCS#12', ['pkcs12'], async (der) => readIdentity({ pfx: der, passphrase })),
  bytesTarget('PKCS#12, bytes', ['pkcs12'], async (bytes) => readIdentity({ pfx: bytes, passphrase })),
  bytesTarget('ECH list', ['ech list'], (echConfigList) => {
    const sink = new Proxy({}, { get: () => () => undefined });
    const engine = pure.createClientContext({}).createEngine({ serverName: 'localhost', echConfigList }, sink as never);
    engine.start();
    engine.destroy();
  }),
  bytesTarget('ECH key', ['ech config'], (config) =>
    pure.createServerContext({
      identity: { certificateChain: chains.ec, privateKey: real('key leaf') },
      echKeys: [{ config, privateKey: real('ech key') }],
    }),
  ),
];
