import { once } from 'node:events';
import type { TlsErrorFamily } from '@org/tls-core';
import type { TlsSocket } from '@org/tls-core/node';
import { bothHave, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, isSame, pattern } from '../memory-pair.ts';
import {
  closed,
  connectionsOf,
  connectOver,
  connectTo,
  fill,
  nextUncaught,
  readAll,
  withServer,
  type BareClient,
} from './socket-pair.ts';
import { turn } from '../turn.ts';

/** A record of application data that no key opens. */
const garbageRecord = Buffer.from('170303001000112233445566778899aabbccddeeff', 'hex');

/** The ways in which a peer goes away. A system may show a reset as an end, so that only the family of the error is certain. */
const departures: readonly Departure[] = [
  { id: 'end', what: 'ends without close_notify', leave: ({ transport }) => transport.end(), family: 'transport' },
  { id: 'reset', what: 'resets', leave: ({ transport }) => transport.resetAndDestroy(), family: 'transport' },
  {
    id: 'garbage',
    what: 'sends a record that no key fits',
    leave: ({ transport }) => transport.write(garbageRecord),
    family: 'peer-misbehaved',
  },
];

interface Departure {
  readonly id: string;
  readonly what: string;
  readonly leave: (client: BareClient) => void;
  readonly family: TlsErrorFamily;
}

/** Cases of peers that go away, and of listeners that do what listeners do. */
export const socketPeerCases: readonly ConformanceCase[] = [
  ...departures.map(({ id, what, leave, family }): ConformanceCase => ({
    id: `socket/unheard-error-${id}`,
    title: `a client that ${what} is told to the server where nobody listens to its socket, and nothing is uncaught`,
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.pipe(socket));
        const failed = once(server, 'connectionError');
        const client = await connectOver(server, roles);
        client.socket.write('x');
        await once(client.socket, 'data');
        leave(client);
        const [error, socket] = (await failed) as [unknown, TlsSocket];
        expect(error).toMatchObject({ family });
        expect(socket.destroyed).toBe(true);
        client.transport.destroy();
        const next = await connectTo(server, roles);
        next.end('still here');
        expect(Buffer.from(await readAll(next)).toString()).toBe('still here');
      });
    },
  })),
  {
    id: 'socket/unread-end',
    title: 'a server whose listener reads nothing learns of the client’s end, and its socket closes',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectTo(server, roles);
        const [socket] = await accepted;
        const ended = once(socket, 'end');
        client.resume().end();
        await ended;
        await closed(socket);
        expect(socket.errored).toBeNull();
      });
    },
  },
  {
    id: 'socket/unread-reset',
    title: 'a connection that is reset closes its socket at once, also where data was not read',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectOver(server, roles);
        const [socket] = await accepted;
        client.socket.write('unread');
        await once(socket, 'readable');
        const failed = once(socket, 'error');
        client.transport.resetAndDestroy();
        expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT' })]);
        await closed(socket);
      });
    },
  },
  {
    id: 'socket/unread-by-the-peer',
    title: 'a peer that does not read holds a socket open, and a server can close it',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectOver(server, roles);
        client.transport.pause();
        const [socket] = await accepted;
        await fill(socket, new Uint8Array(2 ** 16));
        socket.end();
        for (let index = 0; index < 3; index += 1) await turn();
        expect(socket.closed).toBe(false);
        const ended = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await ended;
        client.transport.destroy();
      });
    },
  },
  {
    id: 'socket/goodbye',
    title: 'RFC 8446 §6.1 destroy() says close_notify where nothing is left to send',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.once('secureConnection', (socket: TlsSocket) => socket.write('last words', () => socket.destroy()));
        const client = await connectTo(server, roles);
        expect(Buffer.from(await readAll(client)).toString()).toBe('last words');
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const idle = await connectTo(server, roles);
        const [socket] = await accepted;
        const ended = once(socket, 'end');
        idle.destroy();
        socket.resume();
        await ended;
      });
    },
  },
  {
    id: 'socket/goodbye-inside-a-listener',
    title: 'end() and destroy() from within a listener say close_notify',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => {
          socket.on('data', (chunk: Buffer) => {
            if (chunk.toString() === 'end') socket.end();
            else if (chunk.toString() === 'destroy') socket.destroy();
            else socket.write(chunk);
          });
        });
        for (const how of ['end', 'destroy']) {
          const client = await connectTo(server, roles);
          client.write('hello');
          await once(client, 'data'); // from now on the listener is called from within the engine's events
          client.write(how);
          await once(client.resume(), 'end');
          await closed(client);
        }
      });
    },
  },
  ...(
    [
      ['error', 'destroy(error)', (socket) => socket.destroy(new Error('the application’s'))],
      ['reset', 'resetAndDestroy()', (socket) => socket.resetAndDestroy()],
    ] as const satisfies readonly (readonly [string, string, (socket: TlsSocket) => void])[]
  ).map(([id, what, leave]): ConformanceCase => ({
    id: `socket/cut-by-${id}`,
    title: `${what} is no end in order for the peer`,
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectOver(server, roles);
        const [socket] = await accepted;
        const failed = once(client.socket, 'error');
        client.socket.resume();
        leave(socket);
        expect(await failed).toEqual([expect.objectContaining({ family: 'transport' })]);
      });
    },
  })),
  {
    id: 'socket/held-input',
    title: 'a client that sends while a hook of the server is pending is slowed down, and nothing is lost',
    applies: (roles) => bothHave('clientAuthentication')(roles) && bothSpeak('TLSv1.3')(roles),
    run: async (roles) => {
      const sent = pattern(16 * 2 ** 20);
      let approve: (() => void) | undefined;
      const verifyPeer = (): Promise<void> =>
        new Promise((resolve) => {
          approve = resolve;
        });
      const config = { clientAuthentication: 'require', clientTrust: rootPem, verifyPeer } as const;
      const use = async (server: Parameters<Parameters<typeof withServer>[1]>[0]): Promise<void> => {
        const transports = connectionsOf(server);
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        // The certificate is for clients only, and servers that see it say so.
        const client = await connectTo(server, roles, { identity: identityOf('wrongPurpose') });
        client.end(sent);
        while (approve === undefined || transports[0]?.isPaused() !== true) await turn();
        approve();
        const [socket] = await accepted;
        expect(isSame(await readAll(socket), sent)).toBe(true);
      };
      await withServer(roles, use, { config });
    },
  },
  {
    id: 'socket/listener-throws',
    title: 'what a listener throws is the application’s uncaught exception, and the connection goes on',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const bugs = [new Error('bug at the server'), new Error('bug at the client')] as const;
        server.on('secureConnection', (socket: TlsSocket) => {
          socket.on('data', (chunk: Buffer) => {
            socket.write(chunk);
            if (chunk.toString() === 'first') throw bugs[0];
          });
        });
        const client = await connectTo(server, roles);
        const answers: string[] = [];
        client.on('data', (chunk: Buffer) => {
          answers.push(chunk.toString());
          client.emit('answered');
          if (chunk.toString() === 'second') throw bugs[1];
        });
        for (const [index, word] of ['first', 'second'].entries()) {
          const answered = once(client, 'answered');
          const thrown = nextUncaught();
          client.write(word);
          expect(await thrown).toBe(bugs[index]);
          await answered;
        }
        const answered = once(client, 'answered');
        client.write('third');
        await answered;
        expect(answers).toEqual(['first', 'second', 'third']);
        client.destroy();
      });
    },
  },
  {
    id: 'socket/peer-certificate',
    title: 'getPeerCertificate shows the leaf, and in detail the path that was verified',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const client = await connectTo(server, roles);
        const { chain = [], verifiedPath = [] } = client.info?.peer ?? {};
        const leaf = client.getPeerCertificate() as LegacyCertificate;
        expect(leaf.raw).toEqual(Buffer.from(chain[0] ?? []));
        expect(leaf.issuerCertificate).toBeUndefined();
        expect(pathOf(client.getPeerCertificate(true) as LegacyCertificate)).toEqual(
          verifiedPath.map((der) => Buffer.from(der)),
        );
        client.destroy();
      });
    },
  },
];

interface LegacyCertificate {
  readonly raw: Buffer;
  readonly issuerCertificate?: LegacyCertificate;
}

/** Walks from issuer to issuer until one is its own issuer, as programs do. */
function pathOf(leaf: LegacyCertificate): readonly Buffer[] {
  const { issuerCertificate: issuer } = leaf;
  return issuer === undefined || issuer === leaf ? [leaf.raw] : [leaf.raw, ...pathOf(issuer)];
}
