import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const misbehavingServer = pureKit('misbehaving-server-1.2/');
const misbehavingClient = pureKit('misbehaving-client-1.2/');
const prf = 'packages/tls-pure/test/schedule/prf-12.test.ts';
const messages = 'packages/tls-pure/test/wire/tls12-messages.test.ts';

/** Checks that only TLS 1.2 has (RFC 5246, RFC 5746, RFC 7627, RFC 8422). */
export const tls12Mutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/client/server-hello-12.ts', misbehavingServer, [
    {
      id: 'change-cipher-spec-before-a-server-hello',
      find: 'io.refuseEarlierChangeCipherSpec();',
      replace: '',
    },
    {
      id: 'unsolicited-extension-of-a-tls-1.2-server-hello',
      find: "refuseUnsolicited(extensions, hello.offered, 'ServerHello', answerable);",
      replace: '',
    },
    {
      id: 'extension-of-tls-1.3-in-tls-1.2',
      find: "refuseUnsolicited(extensions, hello.offered, 'ServerHello', answerable);",
      replace: "refuseUnsolicited(extensions, hello.offered, 'ServerHello');",
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/renegotiation-info.ts', misbehavingServer, [
    {
      id: 'renegotiation-info-of-a-server',
      find: 'readAnswer: decodeInitialRenegotiationInfo,',
      replace: 'readAnswer: () => true as const,',
    },
    {
      id: 'server-that-knows-no-renegotiation-info',
      find: 'if (!settings.config.requireSecureRenegotiation) return undefined;',
      replace: 'if (settings !== undefined) return undefined;',
      killedBy: pureKit('renegotiation-info/'),
    },
    {
      id: 'renegotiation-info-of-a-client',
      find: 'readOffer: decodeInitialRenegotiationInfo,',
      replace: 'readOffer: () => true as const,',
      killedBy: misbehavingClient,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-handshake-12.ts', misbehavingServer, [
    {
      id: 'finished-of-a-tls-1.2-server',
      find: "yield* receiveFinished12(io, keys, 'server');\n  const info",
      replace:
        "yield* io.receiveChangeCipherSpec();\n  io.openWith(keys.protectionOf('server'));\n  yield* io.receive(HandshakeType.finished);\n  const info",
    },
    {
      id: 'finished-of-a-tls-1.2-server-that-resumes',
      find: "yield* receiveFinished12(io, keys, 'server');\n  sendFinished12",
      replace:
        "yield* io.receiveChangeCipherSpec();\n  io.openWith(keys.protectionOf('server'));\n  yield* io.receive(HandshakeType.finished);\n  sendFinished12",
    },
    {
      id: 'renegotiation-by-a-server',
      find: "throw new TlsError('ERR_TLS_NO_RENEGOTIATION', 'the server wants to renegotiate, which is not done');",
      replace: 'return undefined;',
      killedBy: pureKit('record/hello-request'),
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-hello-checks.ts', misbehavingClient, [
    {
      id: 'compression-of-a-tls-1.2-client-hello',
      find: 'if (!hello.legacyCompressionMethods.includes(0))',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/messages/server-key-exchange.ts', messages, [
    {
      id: 'signature-that-covers-no-random',
      find: 'return concatBytes([client, server, params]);',
      replace: 'return concatBytes([client.subarray(32), server.subarray(32), params]);',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/schedule/prf-12.ts', prf, [
    {
      id: 'exporter-of-the-protocols-own-labels',
      find: 'if (reservedLabels.has(label)) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/server-flight-12.ts', misbehavingServer, [
    {
      id: 'key-of-another-kind-than-the-suite',
      find: 'if (!keyFitsSuite(info, choices.suite))',
      replace: 'if (false)',
    },
    {
      id: 'certificate-on-a-curve-that-was-not-offered',
      find: "if (info.type === 'ec' && !takesCurve(settings, info.curve))",
      replace: 'if (false)',
    },
    {
      id: 'tls-1.2-server-without-a-certificate',
      find: 'if (entries.length === 0) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-flight-12.ts', misbehavingClient, [
    {
      id: 'proof-of-a-tls-1.2-client',
      find: 'const signatureScheme = yield* verifySignature12(client.publicKey, settings.signatureSchemes, verify, content);',
      replace: 'const signatureScheme = `${verify.algorithm} ${content.length}`;',
    },
  ]),
];
