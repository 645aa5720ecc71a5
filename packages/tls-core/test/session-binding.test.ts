import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientDefaults, clientOptions, type ClientConfig } from '../src/client-config.ts';
import type { Identity } from '../src/identity.ts';
import { serverDefaults, serverOptions, type ServerConfig } from '../src/server-config.ts';
import { hex } from '../src/backend/bytes.ts';
import { currentSessionBinding, sessionBinding } from '../src/backend/session-binding.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const der = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const identity = (byte: number): Identity => ({ certificateChain: [der(byte), der(99)], privateKey: der(byte) });
const nothing = (): undefined => undefined;
const store = { put: nothing, take: nothing };

/** Values that differ, and whether sessions are bound to which of them it is. */
type Sample<Value> = readonly [does: 'binds' | 'free', one: Value, other: Value];
type Samples<Config> = { readonly [Option in keyof Required<Config>]: Sample<Required<Config>[Option]> };

const common: Samples<Pick<ClientConfig, keyof ClientConfig & keyof ServerConfig>> = {
  minVersion: ['free', 'TLSv1.2', 'TLSv1.3'],
  maxVersion: ['free', 'TLSv1.2', 'TLSv1.3'],
  cipherSuites: ['free', ['a'], ['b']],
  groups: ['free', ['a'], ['b']],
  signatureSchemes: ['binds', ['a'], ['a', 'b']],
  alpnProtocols: ['free', ['a'], ['b']],
  clock: ['free', () => 1, () => 2],
  random: ['free', nothing, () => undefined],
  keyLog: ['free', true, false],
  verifyPeer: ['free', nothing, () => undefined],
  verifyResumedPeer: ['free', true, false],
  revocation: ['binds', { crls: [der(1)] }, { crls: [der(1)], depth: 'leaf' }],
  pins: ['binds', [{ publicKeySha256: der(1) }], [{ certificateSha256: der(1) }]],
  certificateProfile: ['binds', 'compatible', 'webpki'],
  certificatePolicies: ['binds', ['1.3.6.1.4.1.1'], ['1.3.6.1.4.1.2']],
  isPublicSuffix: ['free', () => true, () => false],
  provenChains: ['free', 0, 256],
  peerCertificateTypes: ['binds', ['X509'], ['X509', 'RawPublicKey']],
  trustedPublicKeys: ['binds', [der(1)], [der(2)]],
  certificateCompressors: ['free', [], [{ algorithm: 1 }]],
  // which of them a session needs is kept in the session
  externalPsks: ['free', [], [{ identity: der(1), key: der(2) }]],
  recordSizeLimit: ['free', 100, 200],
  maxFragmentLength: ['free', 100, 200],
  recordPadding: ['free', 100, 200],
  identity: ['binds', identity(1), [identity(1), identity(2)]],
  certificateAuthorities: ['free', [der(1)], [der(2)]],
  selectIdentity: ['free', nothing, nothing],
  sessionStore: ['free', store, { ...store }],
  dangerous: ['free', {}, {}],
};

const client: Samples<ClientConfig> = {
  ...common,
  selectIdentity: ['binds', nothing, () => undefined],
  trust: ['binds', 'system', ['system', 'mozilla']],
  certificateTypes: ['free', ['X509'], ['RawPublicKey']],
  keyShares: ['free', ['a'], ['b']],
  grease: ['free', true, false],
  permuteExtensions: ['free', true, false],
  ocspStapling: ['binds', true, false],
  requestCertificateTimestamps: ['binds', true, false],
  ticketRequest: ['free', { newSession: 1, resumption: 1 }, { newSession: 2, resumption: 1 }],
  echGrease: ['free', true, false],
  requireSecureRenegotiation: ['free', true, false],
  fallback: ['free', true, false],
  dangerous: ['binds', {}, { acceptAnyCertificate: true }],
};

const server: Samples<ServerConfig> = {
  ...common,
  selectIdentity: ['free', nothing, () => undefined],
  sessionStore: ['free', store, { ...store }],
  clientAuthentication: ['binds', 'request', 'require'],
  requirePsk: ['binds', true, false],
  clientTrust: ['binds', 'system', 'mozilla'],
  selectContext: ['free', nothing, () => undefined],
  ticketKeys: ['free', { current: () => [] }, { current: () => [] }],
  tickets: ['free', 1, 2],
  renewTickets: ['free', true, false],
  sessionLifetimeSeconds: ['free', 1, 2],
  maxEarlyData: ['free', 1, 2],
  replayGuard: ['free', { firstUse: () => true }, { firstUse: () => false }],
  retryCookie: ['free', true, false],
  postQuantumRetry: ['free', true, false],
  echKeys: ['free', [], [{ config: der(1), privateKey: der(2) }]],
  dangerous: ['binds', {}, { acceptAnyClientCertificate: true }],
};

const ofClient = (config: ClientConfig, judge = 'judge'): string =>
  hex(sessionBinding({ role: 'client', config: { ...clientDefaults, ...config } }, judge, sha256));
const ofServer = (config: ServerConfig, judge = 'judge'): string =>
  hex(sessionBinding({ role: 'server', config: { ...serverDefaults, ...config } }, judge, sha256));

describe('what a session is bound to', () => {
  it('is looked at for each option there is', () => {
    expect(Object.keys(client).toSorted()).toEqual([...clientOptions].toSorted());
    expect(Object.keys(server).toSorted()).toEqual([...serverOptions].toSorted());
  });

  it.each(Object.entries(client))('a client’s `%s` as the table says', (option, [does, one, other]) => {
    const digests = [one, other].map((value) => ofClient({ [option]: value }));
    expect(digests[0] === digests[1]).toBe(does === 'free');
  });

  it.each(Object.entries(server))('a server’s `%s` as the table says', (option, [does, one, other]) => {
    const digests = [one, other].map((value) => ofServer({ [option]: value }));
    expect(digests[0] === digests[1]).toBe(does === 'free');
  });

  it('is that there is a hook which judges the peer, whichever it is', () => {
    for (const option of ['verifyPeer', 'isPublicSuffix'] as const) {
      expect(ofClient({ [option]: nothing })).not.toBe(ofClient({}));
      expect(ofServer({ [option]: nothing })).not.toBe(ofServer({}));
    }
    expect(ofServer({ selectIdentity: nothing })).not.toBe(ofServer({}));
  });

  it('is the same for the same hook of a client, and for defaults that are written down', () => {
    expect(ofClient({ selectIdentity: nothing })).toBe(ofClient({ selectIdentity: nothing }));
    expect(ofClient({ trust: 'default', ocspStapling: true, peerCertificateTypes: ['X509'] })).toBe(ofClient({}));
    expect(ofClient({ identity: [identity(1)] })).toBe(ofClient({ identity: identity(1) }));
  });

  it('is what a source of revocation lists gives at the moment, by its digest', () => {
    const lists = { current: { crls: [der(1)], digest: 'first' } };
    const config = { ...clientDefaults, revocation: { lists } };
    const current = currentSessionBinding({ role: 'client', config }, 'judge', sha256);
    const first = hex(current());
    expect(hex(current())).toBe(first);
    lists.current = { crls: [der(2)], digest: 'second' };
    expect(hex(current())).not.toBe(first);
    lists.current = { crls: [der(1)], digest: 'first' };
    expect(hex(current())).toBe(first);
    const fixed = currentSessionBinding({ role: 'client', config: clientDefaults }, 'judge', sha256);
    expect(hex(fixed())).toBe(ofClient({}));
  });

  it('is who judges, and in which role', () => {
    expect(ofClient({ trust: 'system' }, 'another')).not.toBe(ofClient({ trust: 'system' }, 'judge'));
    expect(ofClient({})).not.toBe(ofServer({}));
  });

  it('reads differently where values move from one list to the next', () => {
    const split = (left: readonly Uint8Array[], right: readonly Uint8Array[]) =>
      ofClient({
        identity: [
          { certificateChain: left, privateKey: der(0) },
          { certificateChain: right, privateKey: der(0) },
        ],
      });
    expect(split([der(1), der(2)], [der(3)])).not.toBe(split([der(1)], [der(2), der(3)]));
    expect(ofClient({ trust: [der(1), der(2)] })).not.toBe(ofClient({ trust: [Buffer.concat([der(1), der(2)])] }));
    const [joinedFirst, joinedLast] = [Buffer.concat([der(1), der(2)]), Buffer.concat([der(2), der(3)])];
    expect(ofClient({ trust: [joinedFirst, der(3)] })).not.toBe(ofClient({ trust: [der(1), joinedLast] }));
    // what would pass for the border between two values, were their lengths not there
    const [left, right] = [Uint8Array.of(1, 0, 0, 0, 0, 2), Uint8Array.of(2, 0, 0, 0, 0, 3)];
    expect(ofClient({ trust: [left, Uint8Array.of(3)] })).not.toBe(ofClient({ trust: [Uint8Array.of(1), right] }));
  });
});
