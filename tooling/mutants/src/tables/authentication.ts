import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const misbehavingServer = pureKit('misbehaving-server/');
const misbehavingClient = pureKit('misbehaving-client/');
const misbehavingClient12 = pureKit('misbehaving-client-1.2/');
const compression = 'packages/tls-pure/test/handshake/certificate-compression.test.ts';
const pure = 'packages/tls-conformance/test/pure.test.ts';

/** Checks of the proofs that a peer gives, and of what judges them (RFC 8446 §4.4, RFC 5246 §7.4). */
export const authenticationMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/handshake/proofs-13.ts', misbehavingServer, [
    {
      id: 'signature-of-certificate-verify',
      find: 'if (!(yield* settle(publicKey.verify(scheme.algorithm, content, signature)))) {',
      replace: 'if (false) {',
    },
    {
      id: 'scheme-that-does-not-fit-the-key',
      find: 'if (scheme === undefined || !keyFitsScheme(publicKey.info, scheme)) {',
      replace: 'if (scheme === undefined) {',
    },
    {
      id: 'scheme-of-certificates-in-certificate-verify',
      find: 'const scheme = offered.find(({ id, tls13 }) => tls13 && id === algorithm);',
      replace: 'const scheme = offered.find(({ id }) => id === algorithm);',
    },
    {
      id: 'finished-of-a-server',
      find: 'if (!equalSecret(expected, body)) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'finished-of-a-client',
      find: 'if (!equalSecret(expected, body)) throw',
      replace: 'if (false) throw',
      killedBy: misbehavingClient,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/proofs-12.ts', misbehavingClient12, [
    {
      id: 'signature-of-tls-1.2',
      find: 'if (!(yield* settle(publicKey.verify(scheme.algorithm, content, signature)))) {',
      replace: 'if (false) {',
    },
    {
      id: 'scheme-of-tls-1.2-that-does-not-fit-the-key',
      find: 'if (scheme === undefined || !keyFitsScheme12(publicKey.info, scheme)) {',
      replace: 'if (scheme === undefined) {',
    },
    { id: 'finished-of-tls-1.2', find: 'if (!equalSecret(expected, body)) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/bytes.ts', misbehavingServer, [
    { id: 'secrets-that-differ', find: 'return difference === 0;', replace: 'return true;' },
    {
      id: 'secrets-of-other-lengths',
      find: 'if (left.length !== right.length) return false;\n  let difference = 0;',
      replace: 'let difference = 0;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/messages/certificate-verify.ts', 'packages/tls-pure/test/rfc8448.test.ts', [
    {
      id: 'signature-that-serves-either-side',
      find: "client: 'TLS 1.3, client CertificateVerify',",
      replace: "client: 'TLS 1.3, server CertificateVerify',",
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/peer-certificate.ts', misbehavingServer, [
    {
      id: 'context-of-a-certificate',
      find: 'if (certificateRequestContext.length !== expected.requestContextLength) {',
      replace: 'if (false) {',
    },
    {
      id: 'unsolicited-extension-of-a-certificate',
      find: "for (const { extensions } of certificateList) refuseUnsolicited(extensions, expected.offered, 'Certificate');",
      replace: '',
    },
    {
      id: 'several-raw-public-keys',
      find: 'if (surplus.length > 0) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'compression-that-was-not-offered',
      find: 'const compressor = compressors.find((each) => each.algorithm === algorithm);',
      replace: 'const [compressor] = compressors;',
    },
    {
      id: 'compressed-certificate-over-its-limit',
      find: 'if (uncompressedLength > maxCertificateLength) {',
      replace: 'if (false) {',
    },
    {
      id: 'compressed-certificate-of-another-length',
      find: 'if (plain.length !== uncompressedLength) {',
      replace: 'if (false) {',
      killedBy: compression,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/peer-verification.ts', pure, [
    {
      id: 'chain-of-a-peer',
      find: 'if (acceptsAny) return [];',
      replace: 'return [];',
      tests: '^pure as client and server (certificate/untrusted|client-authentication/untrusted)',
    },
    {
      id: 'hook-that-rejects-a-peer',
      find: 'yield* askVerifyPeer(trust, { role: ownRole(peerRole), serverName, ...peer, resumed: false });',
      replace: '',
      tests: '^pure as client and server hook/verify-peer-rejects',
    },
    {
      id: 'hook-that-rejects-a-resumed-peer',
      find: 'if (peer === undefined || !trust.verifiesResumedPeer) return;',
      replace: 'return;',
      tests: '^pure as client and server resumption/verify-resumed-rejects',
    },
    {
      id: 'raw-public-key-that-is-not-known',
      find: 'if (publicKeys.some((known) => equalBytes(known, rawPublicKey))) return [];',
      replace: 'if (publicKeys.length > 0) return [];',
      tests: '^pure as client and server raw-public-key/unknown',
    },
    {
      id: 'kind-of-certificate-that-was-not-offered',
      find: 'if (config.peerCertificateTypes.includes(type)) return;',
      replace: 'if (config.peerCertificateTypes.length > 0) return;',
      killedBy: misbehavingServer,
    },
    {
      id: 'key-that-may-not-sign',
      find: 'if (leaf.keyUsage?.bits.has(KeyUsageBit.digitalSignature) === false) {',
      replace: 'if (false) {',
      killedBy: 'packages/tls-pure/test/handshake/certificate-key-usage.test.ts',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-certificate.ts', pure, [
    {
      id: 'client-without-a-certificate',
      find: "if (settings.config.clientAuthentication === 'require')",
      replace: 'if (false)',
      tests: '^pure as client and server client-authentication/required-1.3',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-authentication.ts', misbehavingServer, [
    {
      id: 'context-of-a-certificate-request',
      find: 'if (request.certificateRequestContext.length === 0) return request;',
      replace: 'return request;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/choose-identity.ts', pure, [
    {
      id: 'identity-that-is-shown-to-any-server',
      find: 'if (identity.mustMatchIssuer && !hasIssuer(identity, wishes.certificateAuthorities)) return undefined;',
      replace: '',
      tests: '^pure as client and server client-authentication/by-issuer-1.3',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-flight-12.ts', pure, [
    {
      id: 'client-of-tls-1.2-without-a-certificate',
      find: "if (settings.config.clientAuthentication !== 'require') return 'none';",
      replace: "if (settings.config.clientAuthentication !== 'none') return 'none';",
      tests: '^pure as client and server client-authentication/required-1.2',
    },
  ]),
];
