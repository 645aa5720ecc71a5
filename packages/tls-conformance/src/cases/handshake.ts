import { bothHave, bothSpeak, common, type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { certificates, type FixtureName } from '../fixtures.ts';
import { byteByByte, identityOf, MemoryPair, text, type PairOptions, type Wire } from '../memory-pair.ts';

/** Handshakes that succeed, and what both sides then report. */
export const handshakeCases: readonly ConformanceCase[] = [
  {
    id: 'handshake/tls-1.3',
    title: 'TLS 1.3 is negotiated and described the same on both sides, in frozen data',
    applies: bothSpeak('TLSv1.3'),
    run: async (roles) => void (await handshake(roles, {}, 'TLSv1.3')),
  },
  {
    id: 'handshake/tls-1.2',
    title: 'TLS 1.2 is negotiated where both sides speak it and one insists',
    applies: bothSpeak('TLSv1.2'),
    run: async (roles) => void (await handshake(roles, { client: { maxVersion: 'TLSv1.2' } }, 'TLSv1.2')),
  },
  {
    id: 'handshake/one-byte-fragments',
    title: 'a handshake works when every byte comes by itself',
    run: async (roles) => void (await handshake(roles, {}, undefined, byteByByte)),
  },
  {
    id: 'handshake/all-at-once',
    title: 'a handshake works when data is sent before it is done, and the data arrives',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.send(text('sent '));
      pair.client.send(text('early'));
      pair.server.send(text('so was this'));
      await pair.pumpUntil(() => pair.serverSink.text === 'sent early' && pair.clientSink.text === 'so was this');
      // What was sent arrives after the event that says that the connection is secure.
      expect(pair.serverSink.calls.indexOf('handshake')).toBeLessThan(pair.serverSink.calls.indexOf('plaintext'));
      expect(pair.clientSink.calls.indexOf('handshake')).toBeLessThan(pair.clientSink.calls.indexOf('plaintext'));
    },
  },
  {
    id: 'handshake/cipher-suites',
    title: 'each TLS 1.3 cipher suite that both sides claim works',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && tls13Suites(roles).length > 0,
    run: async (roles) => {
      for (const cipherSuite of tls13Suites(roles)) {
        const pair = await handshake(roles, { client: { cipherSuites: [cipherSuite] } }, 'TLSv1.3');
        expect(pair.clientSink.info?.cipherSuite).toBe(cipherSuite);
      }
    },
  },
  {
    id: 'handshake/groups',
    title: 'each group that both sides claim works',
    run: async (roles) => {
      const groups = common(roles, 'groups');
      expect(groups).toContain('x25519');
      for (const group of groups) {
        const pair = await handshake(roles, { client: { groups: [group] }, server: { groups: [group] } });
        expect(pair.clientSink.info?.group).toBe(group);
      }
    },
  },
  ...(
    [
      ['ecdsa-p256', 'ecdsa_secp256r1_sha256'],
      ['ecdsa-p384', 'ecdsa_secp384r1_sha384'],
      ['ecdsa-p521', 'ecdsa_secp521r1_sha512'],
      ['rsa-2048', 'rsa_pss_rsae_sha256'],
      ['rsa-pss-2048', 'rsa_pss_pss_sha256'],
      ['ed25519', 'ed25519'],
    ] as const satisfies readonly (readonly [FixtureName, string])[]
  ).map(([certificate, signatureScheme]): ConformanceCase => ({
    id: `handshake/certificate-${certificate}`,
    title: `a server with a certificate of ${certificate} signs with ${signatureScheme}`,
    applies: (roles) =>
      common(roles, 'signatureSchemes').includes(signatureScheme) &&
      (certificate.startsWith('rsa') || signsWithEcdsa(roles)),
    run: async (roles) => {
      const pair = await handshake(roles, {
        certificate,
        client: { signatureSchemes: [...new Set([signatureScheme, 'ecdsa_secp256r1_sha256'])] },
      });
      expect(pair.clientSink.info?.signatureScheme).toBe(signatureScheme);
      expect(pair.serverSink.info?.signatureScheme).toBe(signatureScheme);
    },
  })),
  {
    id: 'handshake/identity-by-scheme',
    title: '§4.4.2.2 of several identities the server uses the one the client can verify',
    run: async (roles) => {
      const identity = [identityOf('ecdsa-p256'), identityOf('rsa-2048')];
      // The exact leaf is trusted, so that no issuer's signature has to use one of the offered schemes.
      const signatureSchemes = ['rsa_pss_rsae_sha256', 'ecdsa_secp384r1_sha384'];
      const pair = await handshake(roles, {
        server: { identity },
        client: { signatureSchemes, trust: certificates['rsa-2048'].certificatePem },
      });
      expect(pair.clientSink.info?.signatureScheme).toBe('rsa_pss_rsae_sha256');
    },
  },
  {
    id: 'handshake/selected-identity-by-scheme',
    title: '§4.4.2.2 of several identities that selectIdentity gives the server uses the one the client can verify',
    applies: ({ server }) => server.capabilities.server.options.includes('selectIdentity'),
    run: async (roles) => {
      const given = [identityOf('ecdsa-p256'), identityOf('rsa-2048')];
      const signatureSchemes = ['rsa_pss_rsae_sha256', 'ecdsa_secp384r1_sha384'];
      const pair = await handshake(roles, {
        server: { identity: undefined, selectIdentity: () => given } as never,
        client: { signatureSchemes, trust: certificates['rsa-2048'].certificatePem },
      });
      expect(pair.clientSink.info?.signatureScheme).toBe('rsa_pss_rsae_sha256');
      expect(pair.serverSink.info?.identityIndex).toBeUndefined();
    },
  },
  {
    id: 'handshake/hello-retry-request',
    title: '§4.1.4 a HelloRetryRequest leads to the group that the server wants',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && common(roles, 'groups').includes('secp256r1'),
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const options = { client: { groups: ['x25519', 'secp256r1'] }, server: { groups: ['secp256r1'] } };
        const pair = await handshake(roles, options, 'TLSv1.3', wire);
        expect(pair.clientSink.info).toMatchObject({ group: 'secp256r1', helloRetryRequest: true });
        expect(pair.serverSink.info).toMatchObject({ group: 'secp256r1', helloRetryRequest: true });
      }
    },
  },
  {
    id: 'handshake/server-name',
    title: 'RFC 6066 §3 a host name is sent to the server',
    run: async (roles) => {
      const pair = await handshake(roles, {});
      expect(pair.serverSink.info?.serverName).toBe('localhost');
    },
  },
  {
    id: 'handshake/server-name-address',
    title: 'RFC 6066 §3 an IP address is verified and not sent to the server',
    run: async (roles) => {
      for (const serverName of ['127.0.0.1', '::1']) {
        const pair = await handshake(roles, { serverName });
        expect(pair.clientSink.info?.serverName).toBe(serverName);
        expect(pair.serverSink.info?.serverName).toBeUndefined();
      }
    },
  },
  {
    id: 'handshake/version-too-low',
    title: '§4.2.1 no version in common is refused with protocol_version',
    applies: ({ client, server }) =>
      client.capabilities.client.protocols.includes('TLSv1.2') &&
      server.capabilities.server.protocols.includes('TLSv1.3'),
    run: async (roles) => {
      const pair = new MemoryPair(roles, { client: { maxVersion: 'TLSv1.2' }, server: { minVersion: 'TLSv1.3' } });
      await pair.settle();
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_PROTOCOL_VERSION', alert: 70, direction: 'sent' });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 70, direction: 'received' });
    },
  },
  {
    id: 'handshake/no-common-suite',
    title: '§4.1.1 no cipher suite in common is refused with handshake_failure',
    applies: (roles) => tls13Suites(roles).length > 1,
    run: async (roles) => {
      const [first = '', second = ''] = tls13Suites(roles);
      const pair = new MemoryPair(roles, {
        client: { cipherSuites: [first], minVersion: 'TLSv1.3' },
        server: { cipherSuites: [second], minVersion: 'TLSv1.3' },
      });
      await pair.settle();
      expect(pair.serverSink.failure).toMatchObject({
        code: 'ERR_TLS_NO_COMMON_PARAMETERS',
        alert: 40,
        direction: 'sent',
      });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 40, direction: 'received' });
    },
  },
  {
    id: 'handshake/key-log',
    title: 'key log lines have the form of RFC 9850 and are the same on both sides',
    applies: bothHave('keyLog'),
    run: async (roles) => {
      const pair = await handshake(roles, {
        client: { keyLog: true, minVersion: 'TLSv1.3' },
        server: { keyLog: true },
      });
      const labels = pair.clientSink.keyLogLines.map((line) => line.split(' ')[0]);
      expect(labels).toEqual(
        expect.arrayContaining([
          'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
          'SERVER_HANDSHAKE_TRAFFIC_SECRET',
          'CLIENT_TRAFFIC_SECRET_0',
          'SERVER_TRAFFIC_SECRET_0',
        ]),
      );
      for (const line of pair.clientSink.keyLogLines)
        expect(line).toMatch(/^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$/);
      expect(pair.serverSink.keyLogLines.toSorted()).toEqual(pair.clientSink.keyLogLines.toSorted());
    },
  },
  {
    id: 'handshake/key-log-function',
    title: 'a key log that is a function is told the lines that the sink is told',
    applies: bothHave('keyLog'),
    run: async (roles) => {
      const told: Record<'client' | 'server', string[]> = { client: [], server: [] };
      const pair = await handshake(roles, {
        client: { keyLog: (line) => told.client.push(line) },
        server: { keyLog: (line) => told.server.push(line) },
      });
      expect(told.client.length).toBeGreaterThan(0);
      expect(told.client).toEqual(pair.clientSink.keyLogLines);
      expect(told.server).toEqual(pair.serverSink.keyLogLines);
    },
  },
  {
    id: 'handshake/no-key-log',
    title: 'no secret is logged unless the configuration asks for it',
    run: async (roles) => {
      const pair = await handshake(roles, {});
      expect(pair.clientSink.keyLogLines).toEqual([]);
      expect(pair.serverSink.keyLogLines).toEqual([]);
    },
  },
];

/** Runs a handshake that must succeed, and compares what both sides report. */
export async function handshake(
  roles: Roles,
  options: PairOptions = {},
  protocol?: string,
  wire?: Wire,
): Promise<MemoryPair> {
  const pair = new MemoryPair(roles, options);
  await pair.settle(wire);
  const { info: client, failure: clientFailure } = pair.clientSink;
  const { info: server, failure: serverFailure } = pair.serverSink;
  expect(clientFailure).toBeUndefined();
  expect(serverFailure).toBeUndefined();
  expect(client).toMatchObject({ backend: roles.client.name, role: 'client', resumed: false, earlyData: 'none' });
  expect(server).toMatchObject({ backend: roles.server.name, role: 'server', resumed: false, earlyData: 'none' });
  if (protocol !== undefined) expect(client?.protocol).toBe(protocol);
  for (const property of ['protocol', 'cipherSuite', 'group', 'alpnProtocol'] as const) {
    expect(server?.[property], property).toBe(client?.[property]);
  }
  expect(client?.implementation).not.toBe('');
  expect(client?.peer?.chain.length).toBeGreaterThan(0);
  expect(client?.peer?.verifiedPath.length).toBeGreaterThan(0);
  expect(Object.isFrozen(client)).toBe(true);
  expect(Object.isFrozen(server)).toBe(true);
  expect(pair.clientSink.infos).toHaveLength(1);
  expect(pair.serverSink.infos).toHaveLength(1);
  return pair;
}

function tls13Suites(roles: Roles): readonly string[] {
  return common(roles, 'cipherSuites').filter((name) => /^TLS_(AES|CHACHA20)/.test(name));
}
