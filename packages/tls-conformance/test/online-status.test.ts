import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoot, startOcspServer, type OcspServer, type TestCertificate } from '@org/pki';
import type {
  ClientConfig,
  Identity,
  ProtocolVersion,
  ServerConfig,
  TlsBackend,
  TlsError,
  VerifyPeer,
} from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { peerVerifier } from '@org/x509';
import { checkCertificateStatus, ocspStapler, statusFetcher, type OcspStapler } from '@org/x509/status';
import { expectInfo, only, Peers } from '../src/connections.ts';

const backends = [
  ['the native backend', createNative()],
  ['the native backend with tls-pure’s verifier', createNative({ verifier: peerVerifier() })],
  ['tls-pure', createPure()],
] as const;
const protocols: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const combinations = backends.flatMap(([name, backend]) => protocols.map((protocol) => ({ name, backend, protocol })));

const goodSerial = Uint8Array.of(0x40, 1);
const revokedSerial = Uint8Array.of(0x40, 2);
const hexOf = (serial: Uint8Array): string => Buffer.from(serial).toString('hex').toUpperCase();

let root: TestCertificate;
let good: TestCertificate;
let revoked: TestCertificate;
let responder: OcspServer;
const failures: TlsError[] = [];
let stapler: OcspStapler;

beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  responder = await startOcspServer({
    issuer: root,
    statuses: { [hexOf(goodSerial)]: 'V', [hexOf(revokedSerial)]: 'R' },
  });
  // RFC 7633 §6: status_request
  const mustStaple = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };
  const extensions = [responder.authorityInfoAccess, mustStaple];
  good = await root.issue({ names: ['localhost'], serialNumber: goodSerial, extensions });
  revoked = await root.issue({
    names: ['localhost'],
    serialNumber: revokedSerial,
    extensions: [responder.authorityInfoAccess],
  });
  stapler = ocspStapler({ fetch: statusFetcher(fetch), onFailure: (error) => failures.push(error) });
});
afterAll(async () => {
  stapler.close();
  await responder.stop();
});

const identityOf = ({ chainPem, privateKeyPem }: TestCertificate): Identity => ({
  certificateChain: chainPem + root.certificatePem,
  privateKey: privateKeyPem,
});

interface Configs {
  readonly client?: ClientConfig;
  readonly server?: Partial<ServerConfig>;
}

function peersOf(backend: TlsBackend, protocol: ProtocolVersion, { client, server }: Configs): Peers {
  return new Peers(
    { client: backend, server: backend },
    { client: { trust: root.certificatePem, ...only(protocol), ...client }, server: { ...only(protocol), ...server } },
  );
}

describe.each(combinations)('$name in $protocol', ({ backend, protocol }) => {
  it('staples what a stapler keeps, to a certificate that must staple, and to all clients of an identity that a hook chose', async () => {
    const identity = stapler.staple(identityOf(good));
    await stapler.ready();
    for (const server of [{ identity }, { selectIdentity: () => stapler.staple(identity) }]) {
      const pair = await peersOf(backend, protocol, { server }).open();
      expect(pair.clientSink.info?.peer?.ocspResponse?.length).toBeGreaterThan(100);
    }
  });

  it('staples that a certificate is revoked, which a client refuses', async () => {
    const identity = stapler.staple(identityOf(revoked));
    await stapler.ready();
    const { clientSink } = await peersOf(backend, protocol, { server: { identity } }).run();
    expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44 });
  });

  it('goes on without a staple while the responder is away', async () => {
    const away = ocspStapler({
      fetch: () => {
        throw new Error('away');
      },
      onFailure: () => undefined,
    });
    const identity = away.staple(identityOf(revoked));
    await away.ready();
    const pair = await peersOf(backend, protocol, { server: { identity } }).open();
    expect(pair.clientSink.info?.peer?.ocspResponse).toBeUndefined();
    away.close();
  });

  it.each(['client', 'server'] as const)('as a %s asks about a peer that staples nothing', async (role) => {
    const verifyPeer = checkCertificateStatus({ fetch: statusFetcher(fetch) });
    const configs = (peer: TestCertificate): Configs =>
      role === 'client'
        ? { client: { verifyPeer, ocspStapling: false }, server: { identity: identityOf(peer) } }
        : {
            client: { identity: identityOf(peer) },
            server: {
              identity: identityOf(good),
              clientAuthentication: 'require',
              clientTrust: root.certificatePem,
              verifyPeer,
            },
          };
    const client = role === 'server' ? { ocspStapling: false } : {};
    const merged = ({ client: given, server }: Configs): Configs => ({
      client: { ...client, ...given },
      ...(server && { server }),
    });
    await peersOf(backend, protocol, merged(configs(good))).open();
    const pair = await peersOf(backend, protocol, merged(configs(revoked))).run();
    const failure = await pair[role === 'client' ? 'clientSink' : 'serverSink'].untilFailed();
    expect(failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44 });
  });

  it('asks about the peer of a resumed session again where that is wanted', async () => {
    let verify: VerifyPeer = checkCertificateStatus({ fetch: statusFetcher(fetch) });
    const client: ClientConfig = {
      ocspStapling: false,
      verifyPeer: async (peer) => verify(peer),
      verifyResumedPeer: true,
    };
    const peers = peersOf(backend, protocol, { client, server: { identity: identityOf(good) } });
    expectInfo(await peers.open({ session: await peers.session() }), { resumed: true });
    const session = await peers.session();
    verify = checkCertificateStatus({
      fetch: () => {
        throw new Error('away');
      },
    });
    const pair = await peers.run({ session });
    expect(await pair.clientSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_STATUS' });
  });
});

it('a stapler told of the revoked certificate, and of nothing else', () => {
  expect(failures).toMatchObject([{ code: 'ERR_TLS_CERTIFICATE_REVOKED' }]);
});
