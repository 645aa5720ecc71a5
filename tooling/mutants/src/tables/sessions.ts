import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const pure = 'packages/tls-conformance/test/pure.test.ts';
const ticketSealer = 'packages/tls-pure/test/ticket-sealer.test.ts';
const server12 = 'packages/tls-pure/test/handshake/tls12-server.test.ts';
const earlyData = 'packages/tls-pure/test/handshake/early-data-rules.test.ts';
const sessionRules = 'packages/tls-pure/test/handshake/session-rules.test.ts';

/** Checks of sessions, pre-shared keys and early data (RFC 8446 §4.2.10, §4.2.11, §4.6.1, §8, RFC 5077, RFC 7627). */
export const sessionMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/server/server-sessions.ts', server12, [
    { id: 'session-of-another-name', find: 'session.serverName === serverName &&', replace: '' },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/choices-12.ts', server12, [
    {
      id: 'session-without-extended-main-secret',
      find: 'return session.extendedMainSecret === isExtended ? { session, suite } : undefined;',
      replace: 'return { session, suite };',
    },
    {
      id: 'session-that-loses-its-extended-main-secret',
      find: 'if (session.extendedMainSecret && !isExtended) {',
      replace: 'if (false) {',
    },
    {
      id: 'session-whose-suite-is-not-offered-again',
      find: 'if (suite === undefined || !hello.cipherSuites.includes(suite.id)) return undefined;',
      replace: 'if (suite === undefined) return undefined;',
      killedBy: pureKit('misbehaving-client-1.2/'),
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/session/ticket-sealer.ts', ticketSealer, [
    {
      id: 'tag-of-a-ticket',
      find: 'if (!aead.open(nonce, name, ticket.subarray(headerLength), state)) return undefined;',
      replace: 'aead.open(nonce, name, ticket.subarray(headerLength), state);',
    },
    { id: 'nonce-of-a-ticket', find: 'randomFill(nonce);', replace: '' },
    {
      id: 'ticket-key-of-any-length',
      find: 'if (name.length === nameLength && secret.length === secretLength) return;',
      replace: 'return;',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/selected-psk.ts', pure, [
    {
      id: 'binder-of-a-pre-shared-key',
      find: 'if (!equalSecret(expected, binder)) throw',
      replace: 'if (false) throw',
      tests: '^pure as client and server external-psk/wrong-key',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/extensions/pre-shared-key.ts', sessionRules, [
    { id: 'identities-without-end', find: 'const maxIdentities = 8;', replace: 'const maxIdentities = 80;' },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/early-data.ts', pure, [
    {
      id: 'early-data-that-is-not-wanted',
      find: "if (settings.config.maxEarlyData === 0) return 'disabled';",
      replace: '',
      tests: '^pure as client and server early-data/rejected-no-longer',
    },
    {
      id: 'early-data-under-another-suite',
      find: 'if (session.maxEarlyData === 0 || session.cipherSuite !== psk.suite.id)',
      replace: 'if (session.maxEarlyData === 0)',
      killedBy: earlyData,
    },
    {
      id: 'early-data-under-another-protocol',
      find: "if (!isSameProtocol(session.alpnProtocol, alpnProtocol)) return 'alpnMismatch';",
      replace: '',
      tests: '^pure as client and server early-data/rejected-alpn',
    },
    {
      id: 'early-data-that-is-old',
      find: "if (Math.abs(ticketAgeSkew(psk, now)) > freshnessWindow) return 'ticketAgeSkew';",
      replace: '',
      killedBy: earlyData,
    },
    {
      id: 'early-data-before-a-hello-retry-request',
      find: "if (isRetry) return 'helloRetryRequest';",
      replace: '',
      tests: '^pure as client and server early-data/rejected-retry',
    },
    {
      id: 'early-data-that-was-seen-before',
      find: "? 'accepted' : 'replayed';",
      replace: "? 'accepted' : 'accepted';",
      tests: '^pure as client and server early-data/(rejected-replay-guard|replayed)',
    },
    {
      id: 'early-data-that-cannot-be-held',
      find: 'return !isHandedOn && (session?.maxEarlyData ?? 0) > maxHeldInput;',
      replace: 'return false;',
      tests: '^pure as client and server held/early-data',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/memory-replay-guard.ts', pure, [
    {
      id: 'guard-that-remembers-nothing',
      find: 'if (this.#expiryByIdentifier.has(key) ||',
      replace: 'if (false ||',
      tests: '^pure as client and server early-data/replayed',
    },
    {
      id: 'guard-that-grows-without-end',
      find: '|| this.#expiryByIdentifier.size >= maxIdentifiers) return false;',
      replace: ') return false;',
      killedBy: 'packages/tls-core/test/memory-replay-guard.test.ts',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/server-hello-12.ts', pureKit('misbehaving-server-1.2/'), [
    {
      id: 'resumption-of-a-session-that-was-not-offered',
      find: "if (session?.protocol !== 'TLSv1.2') throw",
      replace: 'if (false) throw',
    },
    {
      id: 'resumption-under-another-suite',
      find: 'if (session.cipherSuite !== cipherSuite)',
      replace: 'if (false)',
    },
    {
      id: 'resumption-without-extended-main-secret',
      find: 'if (session.extendedMainSecret !== isExtended) {',
      replace: 'if (false) {',
    },
  ]),
];
