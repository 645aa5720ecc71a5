import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ClientConfig, ServerConfig, TlsError } from '@org/tls-core';
import { connect, secure, type ConnectOptions, type TlsSocket } from '@org/tls-core/node';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { byName, first, inner, listOf, second, third, unusableLists } from '../ech-fixtures.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf } from '../memory-pair.ts';

const applies = (roles: Roles): boolean => bothSpeak('TLSv1.3')(roles) && bothHave('ech')(roles);
const rejecting: Partial<ServerConfig> = { ...byName, echKeys: [second] };
const withoutEch: Partial<ServerConfig> = { ...byName, echKeys: [{ ...second, isRetryConfig: false }] };

/** What `connect` does when a server could not use any key of the client's ECHConfigList (RFC 9849 §6.1.6). */
export const echRetryCases: readonly ConformanceCase[] = [
  {
    id: 'ech-retry/configs',
    title:
      'RFC 9849 §6.1.6 connect dials once more with the configs that the server gave, and tells nobody of the first time',
    applies,
    run: async (roles) => {
      for (const unusableEchConfigs of [undefined, 'refuse', 'ignore'] as const) {
        const { outcome, connections } = await dial(roles, [rejecting, rejecting], { unusableEchConfigs });
        expect(outcome).toMatchObject({ info: { ech: 'accepted', serverName: inner } });
        expect(connections).toBe(2);
      }
    },
  },
  {
    id: 'ech-retry/off',
    title: 'with echRetry false the rejection is the caller’s, with the configs',
    applies,
    run: async (roles) => {
      const { outcome, connections } = await dial(roles, [rejecting], { echRetry: false });
      expect(outcome).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED', alert: 121, direction: 'sent' });
      expect((outcome as TlsError).retryConfigs).toEqual(listOf(second));
      expect(connections).toBe(1);
    },
  },
  {
    id: 'ech-retry/once',
    title: 'RFC 9849 §6.1.6 a server that rejects its own configs is not asked a third time',
    applies,
    run: async (roles) => {
      const { outcome, connections } = await dial(roles, [rejecting, { ...byName, echKeys: [third] }, rejecting]);
      expect(outcome).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED', direction: 'sent' });
      expect(connections).toBe(2);
    },
  },
  {
    id: 'ech-retry/disabled-refused',
    title: 'a server that has turned ECH off is refused: the name is not sent in the clear',
    applies,
    run: async (roles) => {
      for (const server of [withoutEch, { ...byName, maxVersion: 'TLSv1.2' }] as const) {
        const { outcome, connections, names } = await dial(roles, [server]);
        expect(outcome).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED', direction: 'sent' });
        expect(connections).toBe(1);
        expect(names).not.toContain(inner);
      }
    },
  },
  {
    id: 'ech-retry/disabled-ignored',
    title: 'RFC 9849 §6.1.6 a server that has turned ECH off is dialled without it where the caller said so',
    applies,
    run: async (roles) => {
      for (const server of [withoutEch, { ...byName, maxVersion: 'TLSv1.2' }] as const) {
        const { outcome, connections } = await dial(roles, [server, server], { unusableEchConfigs: 'ignore' });
        expect(outcome).toMatchObject({ info: { ech: 'none', serverName: inner } });
        expect(connections).toBe(2);
      }
    },
  },
  {
    id: 'ech-retry/unproven',
    title: 'RFC 9849 §6.1.7 who cannot prove the public name gets no second connection',
    applies,
    run: async (roles) => {
      const stranger = { ...rejecting, selectIdentity: () => identityOf('wildcard') };
      for (const unusableEchConfigs of ['refuse', 'ignore'] as const) {
        const { outcome, connections } = await dial(roles, [stranger, stranger], { unusableEchConfigs });
        expect(outcome).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME', direction: 'sent' });
        expect(connections).toBe(1);
      }
    },
  },
  {
    id: 'ech-retry/unusable',
    title: 'a list of which nothing can be used is refused or passed over by `connect` as by an engine',
    applies,
    run: async (roles) => {
      for (const echConfigList of Object.values(unusableLists)) {
        const refused = await dial(roles, [byName], { echConfigList });
        expect(refused.outcome).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'echConfigList' });
        expect(refused.connections).toBe(0);
        const ignored = await dial(roles, [byName], { echConfigList, unusableEchConfigs: 'ignore' });
        expect(ignored.outcome).toMatchObject({ info: { ech: 'none', serverName: inner } });
        expect(ignored.connections).toBe(1);
      }
    },
  },
  {
    id: 'ech-retry/wrong-value',
    title: 'an `echRetry` that is no boolean is a TypeError, and nothing is dialled',
    applies,
    run: async (roles) => {
      const { outcome, connections } = await dial(roles, [byName], { echRetry: 'no' as never });
      expect(outcome).toBeInstanceOf(TypeError);
      expect(connections).toBe(0);
    },
  },
  {
    id: 'ech-retry/early-data',
    title: 'what was to be sent early is sent to the server that takes it',
    applies,
    run: async (roles) => {
      const { outcome, received } = await dial(roles, [rejecting, rejecting], { earlyData: Buffer.from('hello') });
      expect(outcome).toMatchObject({ info: { ech: 'accepted' } });
      expect(received).toBe('hello');
    },
  },
];

interface Dialled {
  /** The socket, which is closed by now, or the error in its place. */
  readonly outcome: unknown;
  readonly connections: number;
  /** For each handshake that a server has finished, the name in the ClientHello that was used. */
  readonly names: readonly (string | undefined)[];
  /** All that the servers received. */
  readonly received: string;
}

/** Connects to a server that gives each connection the next configuration. The client's list is for a key that none of them has. */
async function dial(
  roles: Roles,
  configs: readonly Partial<ServerConfig>[],
  options: Partial<ConnectOptions> = {},
  client: ClientConfig = {},
): Promise<Dialled> {
  const contexts = configs.map((config) =>
    roles.server.createServerContext({ identity: identityOf('ecdsa-p256'), ...config }),
  );
  const [names, chunks]: [(string | undefined)[], Buffer[]] = [[], []];
  let connections = 0;
  const server = createServer((transport) => {
    const context = contexts[connections];
    connections += 1;
    if (context === undefined) {
      transport.destroy();
      return;
    }
    const socket = secure(transport, { context });
    socket.on('error', () => undefined); // the client reports the reason
    socket.on('secure', () => names.push(socket.info?.serverName));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const outcome = await connect({
      host: '127.0.0.1',
      port,
      serverName: inner,
      echConfigList: listOf(first),
      tls: roles.client.createClientContext({ trust: rootPem, ...client }),
      ...options,
    }).then(closed, (error: unknown) => error);
    return { outcome, connections, names, received: Buffer.concat(chunks).toString() };
  } finally {
    server.close();
  }
}

/** Ends a connection, and waits until its server has ended it too. */
async function closed(socket: TlsSocket): Promise<TlsSocket> {
  socket.resume().end();
  await once(socket, 'close');
  return socket;
}
