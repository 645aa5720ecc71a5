import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const inner = 'packages/tls-pure/test/ech/client-hello-inner.test.ts';
const offerAndOpen = 'packages/tls-pure/test/ech/offer-and-open.test.ts';
const keys = 'packages/tls-pure/test/ech/grease-and-keys.test.ts';
const config = 'packages/tls-pure/test/ech/ech-config.test.ts';
const misbehavingServer = pureKit('misbehaving-server/ech-');
const pure = 'packages/tls-conformance/test/pure.test.ts';

/** Checks of Encrypted Client Hello (RFC 9849). */
export const encryptedClientHelloMutants: readonly Mutant[] = [
  ...mutantsOf(
    'packages/tls-pure/src/ech/accept-confirmation.ts',
    'packages/tls-pure/test/ech/accept-confirmation.test.ts',
    [
      {
        id: 'confirmation-of-ech',
        find: 'return equalSecret(acceptConfirmation(input, serverHello, place), received);',
        replace: 'return received.length > 0;',
      },
    ],
  ),
  ...mutantsOf('packages/tls-pure/src/ech/client-hello-inner.ts', inner, [
    {
      id: 'session-id-of-an-inner-hello',
      find: 'if (hello.legacySessionId.length !== 0) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'outer-extensions-out-of-order',
      find: 'available.numbers.indexOf(type, from);',
      replace: 'available.numbers.indexOf(type, Math.min(from, 0));',
    },
    {
      id: 'inner-extension-that-stands-twice',
      find: 'if (types.size !== extensions.length) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'outer-extensions-that-are-left',
      find: 'if (types.has(ExtensionType.echOuterExtensions)) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'inner-hello-that-is-not-marked',
      find: 'if (ech === undefined || !equalBytes(ech.body, innerEchExtension.body))',
      replace: 'if (false)',
    },
    {
      id: 'inner-hello-of-tls-1.2',
      find: 'if (versions === undefined || decodeSupportedVersions(versions.body).some((version) => version <= WireVersion.tls12))',
      replace: 'if (false)',
    },
    {
      id: 'padding-of-an-inner-hello',
      find: 'if (reader.bytes(reader.remaining).some((byte) => byte !== 0))',
      replace: 'if (reader.bytes(reader.remaining).length < 0)',
    },
    {
      id: 'length-that-tells-the-name',
      find: 'return forName + 31 - ((length + forName - 1) % 32);',
      replace: 'return 0;',
    },
    {
      id: 'additional-data-of-ech',
      find: 'return copyBytes(clientHelloOuter).fill(0, offset, offset + payload.length);',
      replace: 'return new Uint8Array(offset * 0);',
      killedBy: offerAndOpen,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/ech/server-open.ts', offerAndOpen, [
    {
      id: 'suite-that-an-ech-config-has-not',
      find: 'config.cipherSuites.some(({ kdfId, aeadId }) => kdfId === cipherSuite.kdfId && aeadId === cipherSuite.aeadId)',
      replace: 'config.cipherSuites.length > 0',
    },
    {
      id: 'config-of-a-second-hello',
      find: 'ech.configId === first.configId &&',
      replace: '',
    },
    {
      id: 'suite-of-a-second-hello',
      find: 'ech.cipherSuite.aeadId === first.cipherSuite.aeadId &&',
      replace: '',
    },
    { id: 'key-of-a-second-hello', find: '&&\n    ech.enc.length === 0;', replace: ';' },
  ]),
  ...mutantsOf('packages/tls-pure/src/ech/keys.ts', keys, [
    {
      id: 'ech-key-of-another-config',
      find: 'equalBytes(publicKey(), config.publicKey);',
      replace: 'publicKey().length > 0;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/ech/ech-config.ts', config, [
    {
      id: 'mandatory-extension-of-an-ech-config',
      find: 'if (mandatory !== undefined) return',
      replace: 'if (false) return',
    },
    {
      id: 'public-name-that-is-an-address',
      find: 'ldhLabels.test(name) && !endsInNumber.test(name);',
      replace: 'ldhLabels.test(name);',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-handshake-13.ts', pure, [
    {
      id: 'ech-that-was-rejected',
      find: 'const ech = refuseRejected(answered.ech, choices.retryConfigs);',
      replace: "const ech = answered.ech === 'rejected' ? 'none' : answered.ech;",
      tests: '^pure as client and server ech/rejected',
    },
    {
      id: 'retry-configs-of-ech-that-was-accepted',
      find: "if (ech === 'accepted')\n    throw",
      replace: 'if (false)\n    throw',
      killedBy: misbehavingServer,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-handshake.ts', pure, [
    {
      id: 'ech-that-a-tls-1.2-server-ignores',
      find: 'refuseRejected(ech, undefined);',
      replace: '',
      tests: '^pure as client and server ech/tls-1.2',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/encrypted-offer.ts', misbehavingServer, [
    {
      id: 'certificate-for-who-rejects-ech',
      find: 'settings: { ...this.#settings, identities: [], selectIdentity: undefined, sessionStore: undefined },',
      replace: 'settings: this.#settings,',
      killedBy: pureKit('ech/rejected-identity'),
    },
    {
      id: 'ech-that-only-the-retry-confirms',
      find: 'if (this.#retryConfirmed === true)',
      replace: 'if (false)',
    },
    {
      id: 'name-that-is-seen',
      find: 'const publicName = { ...choices.options, serverName: config.publicName };',
      replace: 'const publicName = { ...choices.options };',
      killedBy: pure,
      tests: '^pure as client and server ech/accepted',
    },
  ]),
];
