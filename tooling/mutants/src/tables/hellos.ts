import { mutantsOf, type Mutant } from '../mutant.ts';

const clientAborts = 'packages/tls-pure/test/handshake/client-aborts.test.ts';
const serverAborts = 'packages/tls-pure/test/handshake/server-aborts.test.ts';
const choices = 'packages/tls-pure/test/handshake/server-choices.test.ts';
const earlyData = 'packages/tls-pure/test/handshake/early-data-rules.test.ts';
const offers = 'packages/tls-pure/test/handshake/client-offers.test.ts';
const pure = 'packages/tls-conformance/test/pure.test.ts';

/** Checks of the hellos and of what they negotiate (RFC 8446 §4.1, §4.2). */
export const helloMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/client/client-handshake.ts', clientAborts, [
    {
      id: 'version-behind-a-hello-retry-request',
      find: 'if (serverHello.version !== WireVersion.tls13)',
      replace: 'if (false)',
      killedBy: choices,
    },
    {
      id: 'tls-1.2-in-answer-to-early-data',
      find: 'if (offer.sent.offersEarlyData)',
      replace: 'if (false)',
      killedBy: earlyData,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/client-handshake-13.ts', clientAborts, [
    {
      id: 'server-without-a-certificate',
      find: 'if (certificate.chain.length === 0 && certificate.rawPublicKey === undefined)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/encrypted-extensions.ts', clientAborts, [
    {
      id: 'unsolicited-extension-in-encrypted-extensions',
      find: "refuseUnsolicited(extensions, hello.offered, 'EncryptedExtensions');",
      replace: '',
    },
    {
      id: 'early-data-that-was-accepted-without-its-session',
      find: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;',
      replace: 'if (isSame) return;',
      killedBy: earlyData,
    },
    {
      id: 'early-data-that-was-accepted-under-another-protocol',
      find: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;',
      replace: 'if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id) return;',
      killedBy: earlyData,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/alpn.ts', clientAborts, [
    {
      id: 'protocol-that-was-not-offered',
      find: 'if (offeredProtocols(settings, hello.options).some((protocol) => equalBytes(protocol, chosen))) return chosen;',
      replace: 'if (settings !== undefined) return chosen;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extension-places.ts', clientAborts, [
    {
      id: 'extension-in-the-wrong-message',
      find: 'if (carriersOf.get(type)?.includes(carrier) === false)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extension.ts', clientAborts, [
    { id: 'extension-that-stands-twice', find: 'if (hasTwice(extensions.numbers)) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/reader.ts', clientAborts, [
    { id: 'bytes-behind-a-message', find: 'if (this.remaining !== 0) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/client-hello-checks.ts', serverAborts, [
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
  ...mutantsOf('packages/tls-pure/src/server/retry.ts', serverAborts, [
    {
      id: 'share-that-was-not-asked-for',
      find: 'if (!second.keyShares.has(group.id) || second.keyShares.size > 1)',
      replace: 'if (false)',
      killedBy: offers,
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
      killedBy: offers,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/choices.ts', serverAborts, [
    {
      id: 'no-protocol-in-common',
      find: "if (chosen === undefined)\n    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL'",
      replace: "if (false)\n    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL'",
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/key-share.ts', serverAborts, [
    {
      id: 'two-shares-of-one-group',
      find: 'if (hasTwice(shares.numbers)) throw',
      replace: 'if (false) throw',
      killedBy: offers,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/server-name.ts', serverAborts, [
    {
      id: 'two-host-names',
      find: 'if (count > 0xff || (type === hostNameType && hostName !== undefined))',
      replace: 'if (count > 0xff)',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/pre-shared-key.ts', serverAborts, [
    {
      id: 'identities-without-binders',
      find: 'if (identities.count !== binders.size) {',
      replace: 'if (false) {',
      killedBy: offers,
    },
  ]),
  ...mutantsOf(
    'packages/tls-pure/src/server/server-flight-12.ts',
    'packages/tls-pure/test/handshake/tls12-server-aborts.test.ts',
    [
      {
        id: 'server-that-shows-no-downgrade',
        find: 'if (settings.speaksTls13) random.set(downgradeSentinel, 24);',
        replace: '',
      },
    ],
  ),
  ...mutantsOf('packages/tls-pure/src/server/server-handshake.ts', pure, [
    {
      id: 'fallback-that-is-not-one',
      find: 'if (offered.some((version) => version >= highest)) return;',
      replace: 'return;',
      tests: '^pure as client and server tls-1.2/downgrade',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/server-hello.ts', clientAborts, [
    {
      id: 'downgrade-to-tls-1.2',
      find: "sentinel === 'DOWNGRD\\u0001' ||",
      replace: '',
      killedBy: choices,
    },
    {
      id: 'downgrade-to-tls-1.1',
      find: "|| sentinel === 'DOWNGRD\\u0000'",
      replace: '',
      killedBy: choices,
    },
    {
      id: 'older-version-in-supported-versions',
      find: 'if (decodeSelectedVersion(selected) === WireVersion.tls13) return WireVersion.tls13;',
      replace: 'return WireVersion.tls13;',
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
  ...mutantsOf('packages/tls-pure/src/client/server-hello-13.ts', clientAborts, [
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
      killedBy: choices,
    },
    {
      id: 'psk-of-another-hash',
      find: 'if (psk.suite.hash !== suite.hash) throw',
      replace: 'if (false) throw',
      killedBy: choices,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/second-hello.ts', clientAborts, [
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
