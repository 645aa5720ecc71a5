import { constants } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRoot, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import { AlertDescription, type Identity, type ServerConfig, type ServerSessionStore } from '@org/tls-core';
import { cipherSuites12 } from '@org/tls-crypto';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { decodeServerHello, type ServerHello } from '../../src/wire/messages/server-hello.ts';
import { parseCertificate } from '@org/x509';
import { byteByByte } from '../support/engine-pair.ts';
import { clientFailure, ourServer, question, runNodeClient } from '../support/node-tls-client.ts';

/** OpenSSL calls it after SSL 3 until 3.4, and after SSL/TLS since. */
const handshakeFailure = expect.stringMatching(/^ERR_SSL_(?:SSLV3|SSL\/TLS)_ALERT_HANDSHAKE_FAILURE$/) as string;

const serverName = 0;
const sessionTicket = 35;
const keyAlgorithms = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-pss-2048', 'ed25519'] as const;
/** OpenSSL's SSL_OP_NO_EXTENDED_MASTER_SECRET, which node:crypto does not name. */
const noExtendedMainSecret = 1;

let root: TestCertificate;
let clientLeaf: TestCertificate;
let ca: string;
const leaves = new Map<KeyAlgorithm, TestCertificate>();
beforeAll(async () => {
  root = await createRoot();
  ca = root.certificatePem;
  clientLeaf = await root.issue({ names: ['client'] });
  for (const algorithm of keyAlgorithms) leaves.set(algorithm, await root.issue({ names: ['localhost'], algorithm }));
});

function identity(algorithm: KeyAlgorithm = 'ecdsa-p256'): Identity {
  const leaf = leaves.get(algorithm);
  if (leaf === undefined) throw new Error(`no certificate of ${algorithm}`);
  return { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
}

function server(config: Partial<ServerConfig> = {}) {
  return ourServer({ identity: identity(), ...config });
}

/** OpenSSL's name of a suite. */
function openSslName(name: string): string {
  return name.includes('CHACHA20')
    ? name.replace(/TLS_(ECDHE)_(\w+)_WITH_.*/, '$1-$2-CHACHA20-POLY1305')
    : name.replace(/TLS_(ECDHE)_(\w+)_WITH_AES_(\d+)_GCM_(\w+)/, '$1-$2-AES$3-GCM-$4');
}

/** The ServerHello, which is the first message of the server's first record. */
function serverHelloOf(wire: Uint8Array): ServerHello {
  expect([wire[0], wire[5]]).toEqual([22, HandshakeType.serverHello]);
  const length = ((wire[7] ?? 0) << 8) | (wire[8] ?? 0);
  return decodeServerHello(wire.subarray(9, 9 + length));
}

/** A store as RFC 5246's session cache. */
class MapStore implements ServerSessionStore {
  readonly sessions = new Map<string, Uint8Array>();

  put(identifier: Uint8Array, state: Uint8Array): void {
    this.sessions.set(Buffer.from(identifier).toString('hex'), state.slice());
  }

  take(identifier: Uint8Array): Uint8Array | undefined {
    const key = Buffer.from(identifier).toString('hex');
    const state = this.sessions.get(key);
    this.sessions.delete(key);
    return state;
  }
}

describe('a TLS 1.2 server serves a client of node:tls', () => {
  it.each(cipherSuites12)('with $name, in whole records and byte by byte', async (suite) => {
    const context = server({
      identity: identity(suite.authentication === 'rsa' ? 'rsa-2048' : 'ecdsa-p256'),
      keyLog: true,
    });
    for (const cut of [undefined, byteByByte]) {
      const run = await runNodeClient(context, { ca, ciphers: openSslName(suite.name) }, cut);
      expect(run.serverSink.failure).toBeUndefined();
      expect(run.echo).toBe(question);
      expect(run.client.authorized).toBe(true);
      expect(run.client.getCipher().standardName).toBe(suite.name);
      expect(run.serverSink.info).toMatchObject({
        role: 'server',
        protocol: 'TLSv1.2',
        cipherSuite: suite.name,
        serverName: 'localhost',
        resumed: false,
        extendedMainSecret: true,
        clientAuthentication: 'none',
      });
      expect(run.keyLog.trim()).toBe(run.serverSink.keyLogLines.join('\n'));
      const exporterContext = Buffer.from('of context');
      expect(
        Buffer.from(run.server.exportKeyingMaterial('EXPERIMENTAL', exporterContext, 40)).equals(
          run.client.exportKeyingMaterial(40, 'EXPERIMENTAL', exporterContext),
        ),
      ).toBe(true);
      run.client.destroy();
    }
  });

  it.each(keyAlgorithms)('with a certificate of %s', async (algorithm) => {
    const run = await runNodeClient(server({ identity: identity(algorithm) }), { ca });
    expect(run).toMatchObject({ echo: question, clientError: undefined });
    expect(run.serverSink.info?.cipherSuite).toContain(algorithm.startsWith('rsa') ? '_RSA_' : '_ECDSA_');
    run.client.destroy();
  });

  it.each([
    ['X25519', 'x25519'],
    ['P-256', 'secp256r1'],
    ['P-384', 'secp384r1'],
    ['P-521', 'secp521r1'],
  ])('with the group %s', async (ecdhCurve, group) => {
    const groups = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'];
    const run = await runNodeClient(server({ identity: identity('rsa-2048'), groups }), { ca, ecdhCurve });
    expect(run.echo).toBe(question);
    expect(run.serverSink.info?.group).toBe(group);
    run.client.destroy();
  });

  it('by the identity whose key fits the client’s suites, whichever is listed first', async () => {
    const context = server({ identity: [identity('ecdsa-p256'), identity('rsa-2048')] });
    for (const [ciphers, kind] of [
      ['ECDHE-RSA-AES128-GCM-SHA256', 1],
      ['ECDHE-ECDSA-AES128-GCM-SHA256', 0],
    ] as const) {
      const run = await runNodeClient(context, { ca, ciphers });
      expect(run.echo).toBe(question);
      expect(run.serverSink.info?.identityIndex).toBe(kind);
      run.client.destroy();
    }
  });

  it('by the hook selectIdentity, asked once and by name, and by a signer, both answering later', async () => {
    const asked: (string | undefined)[] = [];
    const context = ourServer({
      selectIdentity: async ({ serverName: name }) => {
        asked.push(name);
        await Promise.resolve();
        return identity('rsa-2048');
      },
    });
    const run = await runNodeClient(context, { ca });
    expect(run.echo).toBe(question);
    expect(asked).toEqual(['localhost']);
    expect(run.serverSink.info?.identityIndex).toBeUndefined();
    run.client.destroy();
  });

  it('without extended_master_secret when the client has none', async () => {
    const run = await runNodeClient(server(), { ca, secureOptions: noExtendedMainSecret });
    expect(run.echo).toBe(question);
    expect(run.serverSink.info?.extendedMainSecret).toBe(false);
    run.client.destroy();
  });

  it('with the protocol that both have', async () => {
    const context = server({ alpnProtocols: ['h2', 'http/1.1'] });
    const run = await runNodeClient(context, { ca, ALPNProtocols: ['http/1.1', 'spdy/3'] });
    expect(run.client.alpnProtocol).toBe('http/1.1');
    expect(run.serverSink.info?.alpnProtocol).toBe('http/1.1');
    run.client.destroy();
  });

  it('RFC 7301 §3.2 but not without a protocol in common', async () => {
    const run = await runNodeClient(server({ alpnProtocols: ['h2'] }), { ca, ALPNProtocols: ['http/1.1'] });
    expect(run.serverSink.failure).toMatchObject({ code: 'ERR_TLS_NO_APPLICATION_PROTOCOL', alert: 120 });
    expect(run.clientError?.message).toMatch(/no application protocol/);
  });

  it.each([
    ['a suite', { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }],
    ['a suite with an AEAD', { ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
    ['the curve of the certificate', { ecdhCurve: 'P-384', sigalgs: 'ecdsa_secp256r1_sha256' }],
    ['a signature scheme', { sigalgs: 'rsa_pss_rsae_sha256' }],
  ] satisfies [string, ConnectionOptions][])('but not without %s in common', async (_, options) => {
    const run = await runNodeClient(server({ groups: ['x25519', 'secp256r1', 'secp384r1'] }), { ca, ...options });
    expect(run.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_NO_COMMON_PARAMETERS',
      alert: AlertDescription.handshakeFailure,
      direction: 'sent',
    });
    expect(run.clientError).toMatchObject({ code: handshakeFailure });
  });

  it('RFC 5746 §4.5 but does not renegotiate', async () => {
    const { client, serverSink } = await runNodeClient(server(), { ca });
    const failure = clientFailure(client);
    client.renegotiate({}, () => undefined);
    expect((await failure).message).toMatch(/no.renegotiation/);
    expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_NO_RENEGOTIATION', alert: 100 });
  });

  it('RFC 8446 §4.1.3 and says in its random whether it could do better', async () => {
    const sentinel = Buffer.from('DOWNGRD\u0001', 'latin1');
    const both = await runNodeClient(server(), { ca });
    expect(Buffer.from(serverHelloOf(both.wire).random.subarray(24))).toEqual(sentinel);
    const only = await runNodeClient(server({ maxVersion: 'TLSv1.2' }), { ca });
    expect(Buffer.from(serverHelloOf(only.wire).random.subarray(24))).not.toEqual(sentinel);
    both.client.destroy();
    only.client.destroy();
  });
});

describe('a TLS 1.2 server resumes a session of node:tls', () => {
  it('by its ticket, again by the renewed one, with ALPN negotiated anew', async () => {
    const context = server({ alpnProtocols: ['h2', 'http/1.1'] });
    let session: Buffer | undefined;
    for (const [turn, protocol] of ['h2', 'http/1.1', 'h2'].entries()) {
      const run = await runNodeClient(context, { ca, ALPNProtocols: [protocol], ...(session && { session }) });
      expect(run.echo).toBe(question);
      expect(run.client.isSessionReused()).toBe(turn > 0);
      expect(run.client.alpnProtocol).toBe(protocol);
      expect(run.serverSink.info).toMatchObject({ resumed: turn > 0, alpnProtocol: protocol });
      const renewed = run.client.getSession(); // of a resumption node:tls tells nothing by itself
      expect(renewed).not.toEqual(session);
      session = renewed;
      run.client.destroy();
    }
  });

  it.each(cipherSuites12)('of $name', async (suite) => {
    const context = server({ identity: identity(suite.authentication === 'rsa' ? 'rsa-2048' : 'ecdsa-p256') });
    const options = { ca, ciphers: openSslName(suite.name) };
    const first = await runNodeClient(context, options);
    const second = await runNodeClient(context, { ...options, ...(first.session && { session: first.session }) });
    expect(second.echo).toBe(question);
    expect(second.serverSink.info).toMatchObject({ resumed: true, cipherSuite: suite.name });
    first.client.destroy();
    second.client.destroy();
  });

  it('RFC 5246 §7.3 by its session id, from a store that forgets it in between', async () => {
    const store = new MapStore();
    const context = server({ sessionStore: store });
    const options = { ca, secureOptions: constants.SSL_OP_NO_TICKET };
    const first = await runNodeClient(context, options);
    const { legacySessionIdEcho, extensions } = serverHelloOf(first.wire);
    expect(legacySessionIdEcho).toHaveLength(32);
    expect(extensions.has(sessionTicket)).toBe(false);
    const session = first.client.getSession();
    for (const isKept of [true, true, false]) {
      if (!isKept) store.sessions.clear();
      const next = await runNodeClient(context, { ...options, ...(session && { session }) });
      expect(next.echo).toBe(question);
      expect(next.serverSink.info?.resumed).toBe(isKept);
      next.client.destroy();
    }
    first.client.destroy();
  });

  it('RFC 5077 §3.4 and gives no session id where it gives a ticket', async () => {
    const run = await runNodeClient(server({ sessionStore: new MapStore() }), { ca });
    const { legacySessionIdEcho, extensions } = serverHelloOf(run.wire);
    expect(legacySessionIdEcho).toHaveLength(0);
    expect(extensions.get(sessionTicket)).toHaveLength(0);
    run.client.destroy();
  });

  it.each([
    ['', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    [', whatever the suites', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ])('RFC 7627 §5.3 but aborts when it had extended_master_secret and the hello has not%s', async (_, ciphers) => {
    const context = server();
    const { session, client } = await runNodeClient(context, { ca, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
    const run = await runNodeClient(context, {
      ca,
      ciphers: `${ciphers}:@SECLEVEL=1`,
      ...(session && { session }),
      secureOptions: noExtendedMainSecret,
    });
    expect(run.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: 40 });
    client.destroy();
  });

  it('RFC 7627 §5.3 but makes another when it had no extended_master_secret and the hello has', async () => {
    const context = server();
    const { session, client } = await runNodeClient(context, { ca, secureOptions: noExtendedMainSecret });
    const run = await runNodeClient(context, { ca, ...(session && { session }) });
    expect(run.echo).toBe(question);
    expect(run.serverSink.info).toMatchObject({ resumed: false, extendedMainSecret: true });
    client.destroy();
    run.client.destroy();
  });

  it('but makes another when its suite is not offered again', async () => {
    const context = server();
    const first = await runNodeClient(context, { ca, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
    const { session } = first;
    const second = await runNodeClient(context, {
      ca,
      ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384',
      ...(session && { session }),
    });
    expect(second.serverSink.info?.resumed).not.toBe(true);
    first.client.destroy();
    second.client.destroy();
  });

  it.each([
    ['tickets', undefined],
    ['a store', new MapStore()],
  ])('RFC 5246 §F.1.4 with %s, until its lifetime is over, however often it was resumed', async (_, sessionStore) => {
    const options = sessionStore === undefined ? {} : { secureOptions: constants.SSL_OP_NO_TICKET };
    const start = Date.now();
    let now = start;
    const context = server({
      sessionLifetimeSeconds: 600,
      clock: () => now,
      ...(sessionStore && { sessionStore }),
    });
    let session: Buffer | undefined;
    for (const [age, resumed] of [
      [0, false],
      [300, true],
      [599, true],
      [601, false],
    ] as const) {
      now = start + age * 1000;
      const run = await runNodeClient(context, { ca, ...options, ...(session && { session }) });
      expect(run.echo).toBe(question);
      expect([age, run.serverSink.info?.resumed]).toEqual([age, resumed]);
      session = run.client.getSession();
      run.client.destroy();
    }
  });

  it('RFC 6066 §3 but makes another under another name', async () => {
    const context = server();
    const { session, client } = await runNodeClient(context, { ca });
    const options = { ca, servername: 'other.test', rejectUnauthorized: false };
    const run = await runNodeClient(context, { ...options, ...(session && { session }) });
    expect(run.serverSink.info).toMatchObject({ resumed: false, serverName: 'other.test' });
    client.destroy();
    run.client.destroy();
  });

  it('RFC 6066 §3 without a server_name in its ServerHello, unlike a full handshake', async () => {
    const context = server();
    const full = await runNodeClient(context, { ca });
    expect(serverHelloOf(full.wire).extensions.has(serverName)).toBe(true);
    const abbreviated = await runNodeClient(context, { ca, ...(full.session && { session: full.session }) });
    expect(abbreviated.serverSink.info?.resumed).toBe(true);
    expect(serverHelloOf(abbreviated.wire).extensions.has(serverName)).toBe(false);
    full.client.destroy();
    abbreviated.client.destroy();
  });
});

describe('a TLS 1.2 server asks a client of node:tls for a certificate', () => {
  const asks = (clientAuthentication: 'request' | 'require'): Partial<ServerConfig> => ({
    clientAuthentication,
    clientTrust: ca,
  });
  const proof = (): ConnectionOptions => ({ cert: clientLeaf.chainPem, key: clientLeaf.privateKeyPem });

  it.each(keyAlgorithms)('and verifies one of %s, and knows it still when it resumes', async (algorithm) => {
    const leaf = await root.issue({ names: ['client'], algorithm });
    const context = server(asks('require'));
    const options = { ca, cert: leaf.chainPem, key: leaf.privateKeyPem };
    const first = await runNodeClient(context, options);
    expect(first).toMatchObject({ echo: question, clientError: undefined });
    const second = await runNodeClient(context, { ...options, ...(first.session && { session: first.session }) });
    for (const [{ serverSink, client }, resumed] of [
      [first, false],
      [second, true],
    ] as const) {
      expect(serverSink.info).toMatchObject({ resumed, clientAuthentication: 'provided' });
      expect(Buffer.from(serverSink.info?.peer?.chain[0] ?? [])).toEqual(Buffer.from(leaf.certificateDer));
      expect(serverSink.info?.clientSignatureScheme).toBe(first.serverSink.info?.clientSignatureScheme);
      client.destroy();
    }
  });

  it('and does without where it only asks', async () => {
    const run = await runNodeClient(server(asks('request')), { ca });
    expect(run.echo).toBe(question);
    expect(run.serverSink.info).toMatchObject({ clientAuthentication: 'requested', peer: undefined });
    run.client.destroy();
  });

  it('RFC 5246 §7.4.6 and aborts with handshake_failure where it must have one', async () => {
    const run = await runNodeClient(server(asks('require')), { ca });
    expect(run.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REQUIRED', alert: 40 });
    expect(run.clientError).toMatchObject({ code: handshakeFailure });
  });

  it('and refuses one of another root', async () => {
    const stranger = await (await createRoot()).issue({ names: ['client'] });
    const run = await runNodeClient(server(asks('request')), {
      ca,
      cert: stranger.chainPem,
      key: stranger.privateKeyPem,
    });
    expect(run.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: 48 });
  });

  it('of an issuer that it names', async () => {
    const names = [parseCertificate(root.certificateDer).subject.der];
    const run = await runNodeClient(server({ ...asks('require'), certificateAuthorities: names }), { ca, ...proof() });
    expect(run.echo).toBe(question);
    run.client.destroy();
  });
});
