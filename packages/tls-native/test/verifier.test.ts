import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  alertOf,
  familyOf,
  TlsError,
  tlsErrorCodes,
  type ChainJudge,
  type ClientConfig,
  type PeerRules,
  type PeerVerification,
  type PeerVerifier,
  type ServerConfig,
} from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend } from '../src/index.ts';
import { settle } from './support/engine-pair.ts';

const protocols = ['TLSv1.2', 'TLSv1.3'] as const;
type Protocol = (typeof protocols)[number];
const certificateCodes = tlsErrorCodes.filter((code) => familyOf(code) === 'certificate');

let root: TestCertificate;
let leaf: TestCertificate;
let device: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
  leaf = await root.issue({ names: ['localhost'] });
  device = await root.issue({ names: ['device'], extendedKeyUsage: ['clientAuth'] });
});

const identityOf = ({ chainPem, privateKeyPem }: TestCertificate) => ({
  certificateChain: chainPem,
  privateKey: privateKeyPem,
});

/** A third party's verifier: it believes whatever the judge does. */
function verifierOf(judge: ChainJudge, about: Partial<PeerVerifier> = {}): PeerVerifier {
  return { name: 'test', options: [], createJudge: () => judge, ...about };
}

const believes = verifierOf(({ chain }) => ({ path: chain }));

function rejects(code: (typeof certificateCodes)[number]): PeerVerifier {
  return verifierOf(({ chain }) => {
    throw new TlsError(code, 'no', { certificate: { chain, rejectedPaths: [], nodeCode: 'UNSPECIFIED' } });
  });
}

interface Setting {
  readonly protocol?: Protocol;
  readonly clientVerifier?: PeerVerifier;
  readonly serverVerifier?: PeerVerifier;
  readonly client?: ClientConfig;
  readonly server?: Partial<ServerConfig>;
}

function contextsOf({ protocol = 'TLSv1.3', clientVerifier, serverVerifier, client, server }: Setting) {
  const only = { minVersion: protocol, maxVersion: protocol };
  const backendOf = (verifier: PeerVerifier | undefined) => createBackend(verifier === undefined ? {} : { verifier });
  return [
    backendOf(clientVerifier).createClientContext({ trust: root.certificatePem, ...only, ...client }),
    backendOf(serverVerifier).createServerContext({ identity: identityOf(leaf), ...only, ...server }),
  ] as const;
}

const asksClient = (): Partial<ServerConfig> => ({
  clientAuthentication: 'require',
  clientTrust: root.certificatePem,
});

describe.each(protocols)('a verifier brought along, in %s', (protocol) => {
  it('takes the platform’s place, and its path is the connection’s', async () => {
    const stranger = await createRoot();
    const clientVerifier = verifierOf(({ chain }) => Promise.resolve({ path: [...chain, stranger.certificateDer] }));
    const seen: PeerVerification[] = [];
    const client = { trust: stranger.certificatePem, verifyPeer: (peer: PeerVerification) => void seen.push(peer) };
    const outcome = await settle(...contextsOf({ protocol, clientVerifier, client }));
    const path = [leaf.certificateDer, stranger.certificateDer].map((der) => new Uint8Array(der));
    expect(outcome.client.info?.peer?.verifiedPath).toEqual(path);
    expect(seen).toMatchObject([{ role: 'client', serverName: 'localhost', verifiedPath: path, resumed: false }]);
  });

  it('is told who has to be proven, by what, and when', async () => {
    const judge = vi.fn<ChainJudge>(({ chain }) => ({ path: chain }));
    const rules: PeerRules[] = [];
    const verifier: PeerVerifier = {
      name: 'test',
      options: ['certificateProfile'],
      createJudge: (given) => {
        rules.push(given);
        return judge;
      },
    };
    const time = Date.UTC(2030, 0, 1);
    const client = { clock: () => time, certificateProfile: 'webpki', identity: identityOf(device) } as const;
    const server = { ...asksClient(), clock: () => time };
    await settle(...contextsOf({ protocol, clientVerifier: verifier, serverVerifier: verifier, client, server }));
    expect(rules).toMatchObject([
      { role: 'client', trust: root.certificatePem, certificateProfile: 'webpki' },
      { role: 'server', trust: root.certificatePem, certificateProfile: 'compatible' },
    ]);
    const [ofServer, ofClient] = judge.mock.calls.map(([presented]) => presented);
    const chain = (certificate: TestCertificate) => [new Uint8Array(certificate.certificateDer)];
    expect(ofServer).toEqual({ chain: chain(leaf), serverName: 'localhost', staple: {}, time });
    expect(ofClient).toEqual({ chain: chain(device), serverName: undefined, staple: undefined, time });
  });

  it('gets what was stapled, and knows when it was not asked for', async () => {
    const ocspResponse = Uint8Array.of(0x30, 3, 0x0a, 1, 6);
    const identity = { ...identityOf(leaf), ocspResponse };
    for (const [ocspStapling, staple] of [
      [true, { ocspResponse }],
      [false, undefined],
    ] as const) {
      const judge = vi.fn<ChainJudge>(({ chain }) => ({ path: chain }));
      const clientVerifier = verifierOf(judge);
      await settle(...contextsOf({ protocol, clientVerifier, client: { ocspStapling }, server: { identity } }));
      expect(judge.mock.calls).toMatchObject([[{ staple }]]);
    }
  });

  it.each(certificateCodes)('refuses a server with %s, and the alert is the one that was sent', async (code) => {
    const selectIdentity = vi.fn<() => undefined>();
    for (const ocspStapling of [true, false]) {
      const client = { ocspStapling, selectIdentity };
      const setting = { protocol, clientVerifier: rejects(code), client, server: asksClient() };
      const outcome = await settle(...contextsOf(setting));
      const alert = alertOf(code);
      expect(outcome.client.failure).toMatchObject({ code, alert, direction: 'sent', nodeCode: 'UNSPECIFIED' });
      expect(outcome.server.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
    }
    // it is judged before the client says who it is
    expect(selectIdentity).not.toHaveBeenCalled();
  });

  it.each(certificateCodes)('refuses a client with %s, and the alert is the one that was sent', async (code) => {
    const client = { identity: identityOf(device) };
    const outcome = await settle(
      ...contextsOf({ protocol, serverVerifier: rejects(code), client, server: asksClient() }),
    );
    // a server's alerts are encrypted in TLS 1.3, and OpenSSL does not know how to send these
    const isBeyond = ['ERR_TLS_CERTIFICATE_STATUS', 'ERR_TLS_CERTIFICATE_REQUIRED'].includes(code);
    const alert = protocol === 'TLSv1.3' && isBeyond ? alertOf('ERR_TLS_CERTIFICATE_REJECTED') : alertOf(code);
    expect(outcome.server.failure).toMatchObject({ code, alert, direction: 'sent' });
    expect(outcome.client.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
  });

  it('that fails for another reason is a hook that failed', async () => {
    const cause = new Error('no database');
    for (const judge of [
      () => Promise.reject(cause),
      () => {
        throw cause;
      },
    ]) {
      const outcome = await settle(...contextsOf({ protocol, clientVerifier: verifierOf(judge) }));
      expect(outcome.client.failure).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80, cause });
      expect(outcome.server.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 80 });
    }
  });

  it('is not asked where any certificate is accepted', async () => {
    const client = { dangerous: { acceptAnyCertificate: true } };
    const outcome = await settle(
      ...contextsOf({ protocol, clientVerifier: rejects('ERR_TLS_CERTIFICATE_BAD'), client }),
    );
    expect(outcome.client.info?.peer?.verifiedPath).toEqual([]);
  });

  it('is not asked again about a resumed session, which only the same rules resume', async () => {
    const ticketKeys = { current: () => [{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(1) }] };
    const judge = vi.fn<ChainJudge>(({ chain }) => ({ path: chain }));
    const options = ['certificateProfile', 'revocation'] as const;
    const verifier = verifierOf(judge, { options });
    const server = { ...asksClient(), ticketKeys };
    const identity = identityOf(device);
    const run = (setting: Setting, session?: NonNullable<Parameters<typeof settle>[2]>['session']) =>
      settle(
        ...contextsOf({
          protocol,
          clientVerifier: verifier,
          serverVerifier: verifier,
          ...setting,
          client: { identity, ...setting.client },
          server: { ...server, ...setting.server },
        }),
        session === undefined ? {} : { session },
      );
    const first = await run({});
    const sessionOf = async () => (await run({})).client.sessions[0];
    judge.mockClear();
    const again = await run({}, first.client.sessions[0]);
    expect(judge).not.toHaveBeenCalled();
    for (const side of ['client', 'server'] as const) {
      expect(again[side].info).toMatchObject({ resumed: true });
      expect(again[side].info?.peer?.verifiedPath).toEqual(first[side].info?.peer?.verifiedPath);
    }
    const pins = [{ certificateSha256: sha256(leaf.certificateDer) }];
    const others: readonly Setting[] = [
      { clientVerifier: verifierOf(judge, { name: 'another', options }) },
      { serverVerifier: verifierOf(judge, { name: 'another', options }) },
      { client: { certificateProfile: 'webpki' } },
      { client: { pins } },
      { client: { revocation: { crls: [Uint8Array.of(1)] } } },
      { client: { ocspStapling: false } },
      { client: { trust: { subject: Uint8Array.of(0x30, 0), subjectPublicKeyInfo: Uint8Array.of(0x30, 0) } } },
      { server: { certificateProfile: 'rfc5280' } },
    ];
    for (const setting of others) {
      const outcome = await run(setting, await sessionOf());
      expect(outcome.client.failure ?? outcome.server.failure).toBeUndefined();
      expect(outcome.client.info?.resumed, JSON.stringify(setting)).toBe(false);
    }
  });
});

describe('pins', () => {
  const spki = (certificate: TestCertificate) =>
    new X509Certificate(certificate.certificateDer).publicKey.export({ type: 'spki', format: 'der' });

  it.each([
    ['the platform’s verifier', undefined],
    ['one that does not know them', believes],
  ] as const)('are looked for in the path of %s', async (_who, clientVerifier) => {
    const given = [
      [{ certificateSha256: sha256(leaf.certificateDer) }, true],
      [{ publicKeySha256: sha256(spki(leaf)) }, true],
      [{ publicKeySha256: sha256(spki(device)) }, false],
      [{ publicKeySha256: sha256(leaf.certificateDer) }, false],
      [{ certificateSha256: sha256(spki(leaf)) }, false],
    ] as const;
    for (const [pin, isPinned] of given) {
      const outcome = await settle(
        ...contextsOf({ ...(clientVerifier && { clientVerifier }), client: { pins: [pin] } }),
      );
      const { failure } = outcome.client;
      const refused = { code: 'ERR_TLS_CERTIFICATE_REJECTED', alert: 46, nodeCode: 'CERT_REJECTED' };
      expect(failure && { code: failure.code, alert: failure.alert, nodeCode: failure.nodeCode }).toEqual(
        isPinned ? undefined : refused,
      );
    }
  });

  it('hold the key of a root that the peer did not send', async () => {
    const client = { pins: [{ publicKeySha256: sha256(spki(root)) }] };
    expect((await settle(...contextsOf({ client }))).client.failure).toBeUndefined();
    const outcome = await settle(...contextsOf({ clientVerifier: believes, client }));
    expect(outcome.client.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED' });
  });

  it('hold for every kind of key', async () => {
    for (const algorithm of ['rsa-2048', 'ecdsa-p384', 'ed25519'] as const) {
      const other = await root.issue({ names: ['localhost'], algorithm });
      const client = { pins: [{ publicKeySha256: sha256(spki(other)) }] };
      const outcome = await settle(...contextsOf({ client, server: { identity: identityOf(other) } }));
      expect(outcome.client.failure).toBeUndefined();
    }
  });

  it('are refused to a verifier’s path that holds no certificates', async () => {
    const client = { pins: [{ publicKeySha256: sha256(new Uint8Array()) }] };
    const junk = Uint8Array.of(0x30, 0x84, 255, 255, 255, 255);
    for (const [path, code] of [
      [[Uint8Array.of(), junk], 'ERR_TLS_HOOK'],
      [[Uint8Array.of(0), junk], 'ERR_TLS_CERTIFICATE_REJECTED'],
    ] as const) {
      const clientVerifier = verifierOf(() => ({ path }));
      const outcome = await settle(...contextsOf({ clientVerifier, client }));
      expect(outcome.client.failure).toMatchObject({ code });
    }
  });
});

describe('createBackend', () => {
  it('refuses what is no verifier', () => {
    for (const verifier of [
      null,
      () => undefined,
      {},
      { ...believes, name: '' },
      { ...believes, options: undefined },
      { ...believes, options: ['trust'] },
      { ...believes, createJudge: undefined },
    ]) {
      expect(() => createBackend({ verifier: verifier as PeerVerifier })).toThrow(TypeError);
    }
  });

  it('claims the options that the verifier honours, and says what would support the others', () => {
    const options = createBackend().capabilities.client.options;
    const more = createBackend({ verifier: { ...believes, options: ['pins', 'revocation'] } }).capabilities;
    expect(more.client.options.filter((option) => !options.includes(option))).toEqual(['revocation']);
    expect(more.server.options).toContain('revocation');
    const code = 'ERR_TLS_UNSUPPORTED';
    for (const backend of [createBackend(), createBackend({ verifier: believes })]) {
      expect(() => backend.createClientContext({ certificateProfile: 'webpki' })).toThrow(
        expect.objectContaining({ code, option: 'certificateProfile', message: expect.stringContaining('verifier') }),
      );
    }
  });

  it('remembers chains where OpenSSL judges, and leaves that to a verifier that is brought along', () => {
    // the border has the same bound as the option
    for (const provenChains of [0, 65_536])
      expect(createBackend().createClientContext({ provenChains }).role).toBe('client');
    expect(() => createBackend({ verifier: believes }).createClientContext({ provenChains: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'provenChains' }),
    );
    const own = createBackend({ verifier: { ...believes, options: ['provenChains'] } });
    expect(own.createServerContext({ identity: identityOf(leaf), provenChains: 8 }).role).toBe('server');
  });

  it('hands on what a verifier has against its rules', () => {
    const fault = new TlsError('ERR_TLS_CONFIG', 'trust: not this', { option: 'trust' });
    const createJudge = () => {
      throw fault;
    };
    const backend = createBackend({ verifier: { ...believes, createJudge } });
    expect(() => backend.createClientContext({})).toThrow(fault);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
