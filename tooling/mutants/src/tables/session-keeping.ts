import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const pure = 'packages/tls-conformance/test/pure.test.ts';
const native = 'packages/tls-conformance/test/native.test.ts';
const lifetime = 'packages/tls-pure/test/handshake/session-lifetime.test.ts';
const bounds = 'packages/tls-pure/test/handshake/session-bounds.test.ts';
const layouts = 'packages/tls-pure/test/handshake/session-layouts.test.ts';
const keeping = 'packages/tls-core/test/session-keeping.test.ts';
const binding = 'packages/tls-core/test/session-binding.test.ts';

/** Checks of what a session is bound to, how long it lasts and what is kept of it (RFC 8446 §4.6.1, RFC 5077 §5, RFC 7627 §5). */
export const sessionKeepingMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/server/server-sessions.ts', pure, [
    {
      id: 'ticket-of-other-rules',
      find: 'equalBytes(session.binding, settings.currentSessionBinding()) &&',
      replace: '',
      tests: '^pure as client and server resumption/(hook-added|other-server-identity)',
    },
    {
      id: 'ticket-that-is-over',
      find: 'isCurrent(session, settings.config.clock()) &&',
      replace: '',
      tests: '^pure as client and server resumption/(expired|client-expired)',
    },
    {
      id: 'ticket-of-a-key-that-was-taken-away',
      find: 'knowsPsk(settings, session) &&',
      replace: '',
      tests: '^pure as client and server external-psk/key-',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/offered-psk.ts', pure, [
    {
      id: 'session-for-another-server',
      find: 'state.serverName === serverName &&',
      replace: '',
      killedBy: 'packages/tls-pure/test/handshake/session-rules.test.ts',
    },
    {
      id: 'session-of-other-rules',
      find: 'equalBytes(state.binding, settings.currentSessionBinding()) &&',
      replace: '',
      tests: '^pure as client and server resumption/(other-trust|other-client)',
    },
    {
      id: 'session-that-is-over',
      find: 'isCurrent(state, settings.config.clock()) &&',
      replace: '',
      tests: '^pure as client and server resumption/(expired|server-expired)',
    },
    {
      id: 'session-of-a-key-that-was-forgotten',
      find: '(state.externalPsk === undefined || settings.externalPskDigests.find(state.externalPsk) !== undefined);',
      replace: 'true;',
      tests: '^pure as client and server external-psk/key-',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/session/session-lifetime.ts', lifetime, [
    {
      id: 'sessions-that-follow-each-other-for-ever',
      find: 'const authenticatedAt = resumed?.authenticatedAt ?? now;',
      replace: 'const authenticatedAt = now;',
    },
    {
      id: 'session-of-more-than-seven-days',
      find: 'export const maxLifetimeSeconds = 604_800;',
      replace: 'export const maxLifetimeSeconds = 6_048_000;',
      killedBy: pureKit('resumption/seven-days'),
    },
    {
      id: 'session-that-outlives-a-certificate',
      find: 'if (!isAnchor) end = Math.min(end, cachedCertificate(der).notAfter);',
      replace: 'if (!isAnchor) cachedCertificate(der);',
      killedBy: pure,
      tests: '^pure as client and server resumption/(server|client)-expired',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/session/session-state.ts', layouts, [
    { id: 'session-of-another-layout', find: 'if (version !== layout) throw', replace: 'if (false) throw' },
    {
      id: 'session-whose-secret-was-wiped',
      find: 'if (state.secret.every((byte) => byte === 0)) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/server/early-data.ts', pure, [
    {
      id: 'early-data-of-a-ticket-of-another-process',
      find: "if (!equalBytes(session.replayScope, replayScope)) return 'replayed';",
      replace: '',
      tests: '^pure as client and server early-data/replayed-elsewhere',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/new-session.ts', pure, [
    {
      id: 'tickets-without-end',
      find: 'if (session.lifetimeSeconds === 0 || rest === 0) return;',
      replace: 'if (session.lifetimeSeconds === 0) return;',
      tests: '^pure as client and server resumption/too-many-tickets',
    },
    {
      id: 'session-over-its-limit',
      find: 'if (!isSurelyWithin(maxSessionState, facts) && encode().length > maxSessionState) return;',
      replace: '',
      killedBy: bounds,
    },
    {
      id: 'session-of-a-client-without-extended-main-secret',
      find: 'if (!isSafeToResume(facts)) return;',
      replace: '',
      tests: '^pure as client and server tls-1.2/no-extended-secret-as-client',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/keys-12.ts', pure, [
    {
      id: 'exporter-without-extended-main-secret',
      find: 'checkExtendedMainSecret(this.#isExtended);',
      replace: '',
      tests: '^pure as client and server tls-1.2/no-extended-secret',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/memory-replay-guard.ts', keeping, [
    {
      id: 'guard-that-forgets-too-early',
      find: 'if (expiresAt >= now) return;',
      replace: 'if (expiresAt > now) return;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/ticket-key-ring.ts', keeping, [
    {
      id: 'ticket-key-that-never-changes',
      find: 'if (newest === undefined || now - newest.madeAt >= this.#interval)',
      replace: 'if (newest === undefined)',
    },
    {
      id: 'ticket-key-that-is-kept-for-ever',
      find: '...this.#keys.filter(isUseful)].slice(0, most);',
      replace: '...this.#keys].slice(0, most + isUseful.length);',
    },
    { id: 'ticket-key-of-zeros', find: 'this.#randomFill(secret);', replace: '' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/external-psk-digests.ts', keeping, [
    {
      id: 'key-that-took-the-identity-of-another',
      find: 'return encodeParts([identity, key, hash,',
      replace: 'return encodeParts([identity, hash,',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/encode-parts.ts', binding, [
    {
      id: 'rules-that-read-like-others',
      find: 'view.setUint32(offset, chunk.length);',
      replace: 'view.setUint32(offset, 0);',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/client-config.ts', binding, [
    {
      id: 'session-that-is-not-bound-to-trust',
      find: 'trust: binds.trust,',
      replace: "trust: { free: '' },",
    },
    {
      id: 'session-of-any-certificate',
      find: 'dangerous: (dangerous) => binds.flag(dangerous?.acceptAnyCertificate === true),',
      replace: "dangerous: { free: '' },",
    },
  ]),
  ...mutantsOf('packages/tls-core/src/common-config.ts', binding, [
    {
      id: 'session-that-is-not-bound-to-pins',
      find: 'pins: binds.pins,',
      replace: "pins: { free: '' },",
    },
    {
      id: 'session-that-is-not-bound-to-revocation',
      find: 'revocation: binds.revocation,',
      replace: "revocation: { free: '' },",
    },
    {
      id: 'session-that-is-not-bound-to-the-hook',
      find: 'verifyPeer: binds.presence,',
      replace: "verifyPeer: { free: '' },",
    },
  ]),
  ...mutantsOf('packages/tls-core/src/server-config.ts', binding, [
    {
      id: 'session-that-is-not-bound-to-client-authentication',
      find: 'clientAuthentication: (mode) => [mode],',
      replace: "clientAuthentication: { free: '' },",
    },
    {
      id: 'session-of-any-client-certificate',
      find: 'dangerous: (dangerous) => binds.flag(dangerous?.acceptAnyClientCertificate === true),',
      replace: "dangerous: { free: '' },",
    },
  ]),
  ...mutantsOf('packages/tls-native/src/session/session-envelope.ts', native, [
    {
      id: 'native-session-of-another-name',
      find: "if (backend !== 'native' || serverName !== wanted.serverName) return undefined;",
      replace: "if (backend !== 'native') return undefined;",
      tests: '^native as client and server resumption/other-name',
    },
    {
      id: 'native-session-of-other-rules',
      find: 'Buffer.compare(rules, wanted.rules) === 0 &&',
      replace: '',
      tests: '^native as client and server resumption/(other-trust|other-client)',
    },
    {
      id: 'native-session-that-is-over',
      find: 'wanted.now < kept.expiresAt &&',
      replace: '',
      tests: '^native as client and server resumption/(expired|server-expired)',
    },
    {
      id: 'native-session-of-a-key-that-was-forgotten',
      find: '(externalPsk === undefined || wanted.hasPsk(externalPsk));',
      replace: 'true;',
      tests: '^native as client and server external-psk/key-',
    },
    {
      id: 'native-session-that-outlives-a-certificate',
      find: 'const expiresAt = Math.min(now + 1000 * native.lifetime, longest, facts.certificatesEnd);',
      replace: 'const expiresAt = Math.min(now + 1000 * native.lifetime, longest);',
      tests: '^native as client and server resumption/server-expired',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/sides/server-side.ts', native, [
    {
      id: 'native-early-data-that-was-seen-before',
      find: '(isFirst) => ({ declines: isFirst !== true })',
      replace: '() => ({ declines: false })',
      tests: '^native as client and server early-data/(rejected-replay-guard|replayed)',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/engine/engine.ts', native, [
    {
      id: 'native-exporter-without-extended-main-secret',
      find: 'checkExtendedMainSecret(this.#info?.extendedMainSecret === true);',
      replace: '',
      tests: '^native as client and server tls-1.2/no-extended-secret',
    },
  ]),
];
