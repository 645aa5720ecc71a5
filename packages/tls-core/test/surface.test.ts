import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { PeerInfo } from '../src/index.ts';
import { secure, whenSecure, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient, scriptedInfo } from './support/scripted-backend.ts';
import { closed, sinkhole, tcpPair } from './support/transports.ts';

const [leaf = '', issuer = '', stranger = ''] = rootCertificates;
const der = (pem: string): Uint8Array => new X509Certificate(pem).raw;
const junk = Uint8Array.of(0x30);

interface Shown {
  readonly raw: Buffer;
  readonly issuerCertificate?: Shown;
}

async function socketOf(peer: Partial<PeerInfo>): Promise<TlsSocket> {
  const { context, engine } = scriptedClient(false);
  const socket = secure(sinkhole(), { context, serverName: 'localhost' });
  const nothing = { rawPublicKey: undefined, ocspResponse: undefined, signedCertificateTimestamps: undefined };
  engine().sink.handshake({ ...scriptedInfo, peer: { chain: [], verifiedPath: [], ...nothing, ...peer } });
  await whenSecure(socket);
  return socket;
}

/** The certificates that a detailed answer leads to, as programs walk it. */
function walk(first: Shown): readonly Buffer[] {
  const raws: Buffer[] = [];
  for (
    let at: Shown | undefined = first;
    at !== undefined;
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate
  )
    raws.push(at.raw);
  return raws;
}

describe('getPeerCertificate', () => {
  it('shows the leaf, and reads nothing else of what the peer sent', async () => {
    const socket = await socketOf({ chain: [der(leaf), junk], verifiedPath: [der(leaf), der(issuer)] });
    const shown = socket.getPeerCertificate() as Shown;
    expect(shown.raw).toEqual(Buffer.from(der(leaf)));
    expect(shown).not.toHaveProperty('issuerCertificate');
  });

  it('shows in detail the path that was verified, not what the peer sent', async () => {
    const socket = await socketOf({ chain: [der(leaf), junk, der(stranger)], verifiedPath: [der(leaf), der(issuer)] });
    const raws = walk(socket.getPeerCertificate(true) as Shown);
    expect(raws).toEqual([Buffer.from(der(leaf)), Buffer.from(der(issuer))]);
  });

  it('shows in detail the leaf alone where nothing was verified', async () => {
    const socket = await socketOf({ chain: [der(leaf), der(issuer)] });
    expect(walk(socket.getPeerCertificate(true) as Shown)).toEqual([Buffer.from(der(leaf))]);
  });

  it.each([false, true])('shows nothing of a certificate that Node cannot read, detailed %s', async (detailed) => {
    const socket = await socketOf({ chain: [junk], verifiedPath: [junk] });
    expect(socket.getPeerCertificate(detailed)).toEqual({});
    expect(socket.getPeerX509Certificate()).toBeUndefined();
  });
});

describe('what a TlsSocket has of net.Socket', () => {
  it('readyState says what can be done', async () => {
    const [near, far] = await tcpPair();
    const { context } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost', allowHalfOpen: true });
    expect(socket.readyState).toBe('open');
    socket.end();
    expect(socket.readyState).toBe('readOnly');
    far.resume().end(Buffer.from([0xff]));
    await once(socket, 'end');
    await closed(socket);
    expect(socket.readyState).toBe('closed');
  });

  it('readyState is writeOnly when the peer has ended its side, and opening while the transport dials', async () => {
    const { context } = scriptedClient();
    const transport = sinkhole();
    const socket = secure(transport, { context, serverName: 'localhost', allowHalfOpen: true });
    transport.push(Uint8Array.of(0xff));
    await once(socket, 'end');
    expect(socket.readyState).toBe('writeOnly');
    Object.assign(transport, { connecting: true });
    expect(socket.readyState).toBe('opening');
    socket.destroy();
  });

  it('bufferSize is what waits to be sent', () => {
    const { context } = scriptedClient(false);
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    socket.write('waits');
    expect(socket.bufferSize).toBe(5);
    socket.destroy();
  });

  it('connect is refused by name', () => {
    const { context } = scriptedClient();
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    expect(() => socket.connect(443, 'localhost')).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
    socket.destroy();
  });
});
