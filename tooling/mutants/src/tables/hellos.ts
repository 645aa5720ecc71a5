import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const misbehavingServer = pureKit('misbehaving-server/');
const misbehavingClient = pureKit('misbehaving-client/');
const pure = 'packages/tls-conformance/test/pure.test.ts';

/** Checks of the hellos and of what they negotiate (RFC 8446 §4.1, §4.2). */
export const helloMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/client/client-handshake.ts', misbehavingServer, [
    {
      id: 'tls-1.2-in-answer-to-early-data',
      find: 'if (offer.sent.offersEarlyData)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-handshake-13.ts', misbehavingServer, [
    {
      id: 'server-without-a-certificate',
      find: 'if (certificate.chain.length === 0 && certificate.rawPublicKey === undefined)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/encrypted-extensions.ts', misbehavingServer, [
    {
      id: 'unsolicited-extension-in-encrypted-extensions',
      find: "refuseUnsolicited(extensions, hello.offered, 'EncryptedExtensions');",
      replace: '',
    },
    {
      id: 'early-data-that-was-accepted-without-its-session',
      find: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;',
      replace: 'if (isSame) return;',
    },
    {
      id: 'early-data-that-was-accepted-under-another-protocol',
      find: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;',
      replace: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id) return;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/early-data-sender.ts', pureKit('early-data/other-protocol'), [
    {
      id: 'early-data-that-is-sent-again-under-another-protocol',
      find: 'if (alpnProtocol === meantFor) return kept;',
      replace: 'return kept;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/alpn.ts', misbehavingServer, [
    {
      id: 'protocol-that-was-not-offered',
      find: 'if (offeredProtocols(settings, hello.options).some((protocol) => equalBytes(protocol, chosen))) return chosen;',
      replace: 'if (settings !== undefined) return chosen;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extension-places.ts', misbehavingServer, [
    {
      id: 'extension-in-the-wrong-message',
      find: 'if (carriersOf.get(type)?.includes(carrier) === false)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extension.ts', misbehavingServer, [
    { id: 'extension-that-stands-twice', find: 'if (hasTwice(extensions.numbers)) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/reader.ts', misbehavingServer, [
    { id: 'bytes-behind-a-message', find: 'if (this.remaining !== 0) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-hello-checks.ts', misbehavingClient, [
    {
      id: 'legacy-version-of-a-client-hello',
      find: 'if (legacyVersion < WireVersion.tls12)',
      replace: 'if (false)',
    },
    {
      id: 'compression-of-a-client-hello',
      find: 'if (methods.length !== 1 || methods[0] !== 0)',
      replace: 'if (false)',
    },
    {
      id: 'share-of-a-group-that-is-not-supported',
      find: 'if (!isSubset(this.keyShares.numbers, this.supportedGroups))',
      replace: 'if (false)',
    },
    {
      id: 'pre-shared-key-that-is-not-last',
      find: 'if (hello.extensions.numbers.at(-1) !== preSharedKey.type)',
      replace: 'if (false)',
    },
    {
      id: 'pre-shared-key-without-a-mode',
      find: 'hello.need(pskKeyExchangeModes);',
      replace: '',
    },
    { id: 'client-hello-that-changed', find: 'if (!isSame) throw', replace: 'if (false) throw' },
    {
      id: 'random-that-changed',
      find: 'equalBytes(first.random, second.random) &&',
      replace: '',
    },
    {
      id: 'extension-that-went-missing',
      find: 'return count === 0;',
      replace: 'return count >= 0;',
    },
    {
      id: 'extension-that-was-added-or-changed',
      find: 'if (place === 0 || !equalBytes(left.at(index), right.at(place - 1))) return false;',
      replace: 'if (place === 0) continue;',
    },
    {
      id: 'cipher-suites-that-changed',
      find: 'sameNumbers(first.cipherSuites, second.cipherSuites) &&',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/retry.ts', misbehavingClient, [
    {
      id: 'share-that-was-not-asked-for',
      find: 'if (!second.keyShares.has(group.id) || second.keyShares.size > 1)',
      replace: 'if (false)',
    },
    {
      id: 'early-data-behind-a-hello-retry-request',
      find: 'if (second.has(earlyData))',
      replace: 'if (false)',
    },
    {
      id: 'cookie-that-does-not-come-back',
      find: 'if (sentCookie !== undefined && !isSameCookie(sentCookie, second.value(cookie)))',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/choices.ts', misbehavingClient, [
    {
      id: 'no-protocol-in-common',
      find: "if (chosen === undefined)\n    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL'",
      replace: "if (false)\n    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL'",
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/key-share.ts', misbehavingClient, [
    {
      id: 'two-shares-of-one-group',
      find: 'if (hasTwice(shares.numbers)) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/server-name.ts', pureKit('server-name/two'), [
    {
      id: 'two-host-names',
      find: 'if (count > 0xff || (type === hostNameType && hostName !== undefined))',
      replace: 'if (count > 0xff)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/pre-shared-key.ts', misbehavingClient, [
    {
      id: 'identities-without-binders',
      find: 'if (identities.count !== binders.size) {',
      replace: 'if (false) {',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/server-flight-12.ts', pureKit('misbehaving-client-1.2/'), [
    {
      id: 'server-that-shows-no-downgrade',
      find: 'if (settings.speaksTls13) random.set(downgradeSentinel, 24);',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/server-handshake.ts', pure, [
    {
      id: 'fallback-that-is-not-one',
      find: 'if (offered.some((version) => version >= highest)) return;',
      replace: 'return;',
      tests: '^pure as client and server tls-1.2/downgrade',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/server-hello.ts', misbehavingServer, [
    {
      id: 'downgrade-to-tls-1.2',
      find: "sentinel === 'DOWNGRD\\u0001' ||",
      replace: '',
    },
    {
      id: 'downgrade-to-tls-1.1',
      find: "|| sentinel === 'DOWNGRD\\u0000'",
      replace: '',
    },
    {
      id: 'older-version-in-supported-versions',
      find: 'if (decodeSelectedVersion(selected) === WireVersion.tls13) return WireVersion.tls13;',
      replace: 'return WireVersion.tls13;',
    },
    {
      id: 'version-behind-a-hello-retry-request',
      find: 'if (selected !== undefined && decodeSelectedVersion(selected) === WireVersion.tls13)',
      replace: 'if (true)',
    },
    {
      id: 'session-id-that-is-not-echoed',
      find: 'if (version === WireVersion.tls13 && !equalBytes(serverHello.legacySessionIdEcho, hello.legacySessionId))',
      replace: 'if (false)',
    },
    {
      id: 'compression-of-a-server-hello',
      find: 'if (serverHello.legacyCompressionMethod !== 0)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/server-hello-13.ts', misbehavingServer, [
    {
      id: 'legacy-version-of-a-server-hello',
      find: 'if (serverHello.legacyVersion !== WireVersion.tls12)',
      replace: 'if (false)',
    },
    {
      id: 'unsolicited-extension-of-a-server-hello',
      find: 'refuseUnsolicited(serverHello.extensions, allowed, carrier);',
      replace: '',
    },
    {
      id: 'second-hello-retry-request',
      find: 'if (isHelloRetryRequest) throw new TlsError(',
      replace: 'if (false) throw new TlsError(',
    },
    {
      id: 'suite-of-the-hello-retry-request',
      find: 'if (serverHello.cipherSuite !== retrySuite.id)',
      replace: 'if (false)',
    },
    {
      id: 'psk-that-was-not-offered',
      find: 'if (psk === undefined) throw illegalParameter(',
      replace: 'if (false) throw illegalParameter(',
    },
    {
      id: 'psk-of-another-hash',
      find: 'if (psk.suite.hash !== suite.hash) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/second-hello.ts', misbehavingServer, [
    {
      id: 'hello-retry-request-for-nothing',
      find: 'if (cookieBody === undefined && groupBody === undefined)',
      replace: 'if (false)',
    },
    {
      id: 'hello-retry-request-for-a-share-that-was-sent',
      find: 'if (hello.keyShares.some((each) => each.group === group))',
      replace: 'if (false)',
    },
  ]),
];
