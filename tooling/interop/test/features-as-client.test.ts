import { connect } from '@org/tls-core/node';
import { createBackend } from '@org/tls-pure';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchPage, fetchSession } from '../src/fetch-page.ts';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import {
  adjustableServers,
  authenticatingServers,
  earlyDataServers,
  hybridGroups,
  hybridServers,
  postQuantumServers,
  serverPeers,
} from '../src/matrix.ts';
import { httpRequest } from '../src/peer.ts';
import { opensslServer, startListener, startWithPsk } from '../src/peers/openssl.ts';

const backend = createBackend();
let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

describe('tls-pure as client', () => {
  it.each(serverPeers)('resumes a session of TLS 1.3 with $name', async ({ page, startServer }) => {
    await using server = await startServer(made.files);
    const tls = { backend, trust: made.trust };
    const first = await fetchPage({ port: server.port, tls });
    const second = await fetchPage({ port: server.port, tls, session: first.sessions[0] });
    expect(second.text).toMatch(page);
    expect(first.info).toMatchObject({ protocol: 'TLSv1.3', resumed: false });
    expect(second.info).toMatchObject({ protocol: 'TLSv1.3', resumed: true });
    expect(second.info.peer?.chain).toEqual(first.info.peer?.chain);
  });

  it.each(adjustableServers)('speaks TLS 1.2 with $name and resumes', async ({ page, startServer }) => {
    await using server = await startServer(made.files, { version: '1.2' });
    const tls = { backend, trust: made.trust };
    const first = await fetchPage({ port: server.port, tls });
    const second = await fetchPage({ port: server.port, tls, session: first.sessions[0] });
    expect(second.text).toMatch(page);
    expect(first.info).toMatchObject({ protocol: 'TLSv1.2', resumed: false, extendedMainSecret: true });
    expect(second.info).toMatchObject({ protocol: 'TLSv1.2', resumed: true, extendedMainSecret: true });
  });

  it.each(earlyDataServers)('sends early data to $name', async ({ page, startServer }) => {
    await using server = await startServer(made.files, { acceptsEarlyData: true });
    const tls = { backend, trust: made.trust };
    const first = await fetchPage({ port: server.port, tls });
    // an empty line, which HTTP ignores: some of them take no request from early data (RFC 9112 §2.2)
    const early = { session: first.sessions[0], earlyData: Buffer.from('\r\n') };
    const second = await fetchPage({ port: server.port, tls, ...early }, httpRequest);
    expect(second.text).toMatch(page);
    expect(second.info).toMatchObject({ resumed: true, earlyData: 'accepted', earlyDataReason: 'accepted' });
  });

  it('sends early data to openssl s_server', async () => {
    await using server = await startListener(made.files);
    const tls = { backend, trust: made.trust };
    const first = await fetchSession({ port: server.port, tls });
    const earlyData = Buffer.from('this came early\n');
    const second = await fetchSession({ port: server.port, tls, session: first.sessions[0], earlyData });
    expect(second.info).toMatchObject({ resumed: true, earlyData: 'accepted', earlyDataReason: 'accepted' });
    expect(server.printed()).toContain('this came early\n');
  });

  it('keeps early data that a server declines, and sends it again', async () => {
    await using first = await startListener(made.files);
    const tls = { backend, trust: made.trust };
    const { sessions } = await fetchSession({ port: first.port, tls });
    await using other = await opensslServer.startServer(made.files); // it does not know the ticket
    const { text, info } = await fetchPage({
      port: other.port,
      tls,
      session: sessions[0],
      earlyData: Buffer.from(httpRequest),
    });
    expect(info).toMatchObject({ resumed: false, earlyData: 'rejected' });
    expect(text).toMatch(opensslServer.page);
  });

  it.each(authenticatingServers)('proves itself to $name, which requires a certificate', async (peer) => {
    await using server = await peer.startServer(made.files, { requiresCertificate: true });
    const tls = { backend, trust: made.trust, identity: made.identity };
    const { text, info } = await fetchPage({ port: server.port, tls });
    expect(text).toMatch(peer.page);
    expect(info).toMatchObject({
      protocol: 'TLSv1.3',
      clientAuthentication: 'provided',
      clientSignatureScheme: 'ecdsa_secp256r1_sha256',
    });
  });

  it('§4.4.2.4 is told by openssl s_server that a certificate is required', async () => {
    await using server = await opensslServer.startServer(made.files, { requiresCertificate: true });
    const pending = fetchPage({ port: server.port, tls: { backend, trust: made.trust } });
    await expect(pending).rejects.toMatchObject({ code: 'ERR_TLS_ALERT', alert: 116, direction: 'received' });
  });

  it.each(postQuantumServers)('agrees on X25519MLKEM768 with $name', async ({ page, startServer }) => {
    await using server = await startServer(made.files);
    const { text, info } = await fetchPage({ port: server.port, tls: { backend, trust: made.trust } });
    expect(text).toMatch(page);
    expect(info).toMatchObject({ group: 'X25519MLKEM768', helloRetryRequest: false });
  });

  it.each(hybridServers)(
    'agrees with $name on every hybrid group, at once and behind a HelloRetryRequest',
    async (peer) => {
      for (const group of hybridGroups) {
        await using server = await peer.startServer(made.files, { onlyGroup: group });
        const tls = { backend, trust: made.trust };
        const atOnce = await fetchPage({ port: server.port, tls: { ...tls, groups: [group] } });
        expect(atOnce.info).toMatchObject({ group, helloRetryRequest: false });
        const withholds = { groups: ['x25519', group], keyShares: ['x25519'] };
        const asked = await fetchPage({ port: server.port, tls: { ...tls, ...withholds } });
        expect(asked.info).toMatchObject({ group, helloRetryRequest: true });
        expect(asked.text).toMatch(peer.page);
      }
    },
  );

  it('knows an external key of openssl s_server, and needs no certificate', async () => {
    const key = Buffer.alloc(32, 0x5a);
    await using server = await startWithPsk(made.files, { identity: 'sensor-17', keyHex: key.toString('hex') });
    const externalPsks = [{ identity: Buffer.from('sensor-17'), key }];
    const { text, info } = await fetchPage({ port: server.port, tls: { backend, externalPsks } });
    expect(text).toMatch(opensslServer.page);
    expect(info.externalPskIdentity).toEqual(Uint8Array.from(Buffer.from('sensor-17')));
    expect(info.peer).toBeUndefined();
  });

  it('§4.1.2 refuses to fall silent: a server that knows another key is told so', async () => {
    await using server = await startWithPsk(made.files, { identity: 'sensor-17', keyHex: '11'.repeat(32) });
    const externalPsks = [{ identity: Buffer.from('sensor-17'), key: Buffer.alloc(32, 0x22) }];
    const attempt = connect({ host: 'localhost', port: server.port, tls: { backend, externalPsks } });
    await expect(attempt).rejects.toMatchObject({ name: 'TlsError', direction: 'received' });
  });
});
