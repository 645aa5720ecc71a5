import nodeTls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, createServer, type ConnectionOptions, type TLSSocket } from '../src/index.ts';
import { backends, close, listen, serverOptions, stranger, trusting } from './support.ts';

/** What a connection comes to: what the socket says of its peer, or the code of its error. */
async function outcomeOf(socket: TLSSocket | nodeTls.TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('error', (error: Error & { readonly code?: unknown }) => resolve(`refused: ${String(error?.code)}`));
    socket.on('secureConnect', () => resolve(`secure, authorized: ${socket.authorized}`));
    socket.on('close', () => resolve('closed without an error'));
  }).finally(() => socket.destroy()) as Promise<string>;
}

/** Both clients with the same options; ours is over one of the backends. */
async function outcomes(backend: ConnectionOptions['backend'], options: object): Promise<readonly [string, string]> {
  const server = createServer({ ...serverOptions, backend });
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  const port = await listen(server);
  const all = { ...trusting(port), ...options } as object;
  const ours = await outcomeOf(connect({ ...all, backend }));
  const theirs = await outcomeOf(nodeTls.connect(all));
  await close(server);
  return [ours, theirs];
}

const oddValues: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['an empty string', ''],
  ['NaN', Number.NaN],
  ['"false"', 'false'],
  ['true', true],
  ['1', 1],
  ['an object', {}],
];

const distrusting = { ca: stranger.certificatePem };

describe.each(backends)('over %s', (_, backend) => {
  it.each([['false', false] as const, ...oddValues])(
    'checkServerIdentity that returns %s means what it means to Node',
    async (name, value) => {
      const [ours, theirs] = await outcomes(backend, { checkServerIdentity: () => value });
      expect(ours.split(':')[0]).toBe(theirs.split(':')[0]);
      expect(ours.startsWith('secure')).toBe(!value);
      expect(name).toBeDefined();
    },
  );

  it('checkServerIdentity that returns a Promise refuses, as in Node', async () => {
    const [ours, theirs] = await outcomes(backend, { checkServerIdentity: async () => undefined });
    expect([ours, theirs].map((each) => each.split(':')[0])).toEqual(['refused', 'refused']);
  });

  it.each(oddValues)('rejectUnauthorized of %s turns nothing off', async (name, rejectUnauthorized) => {
    const [ours, theirs] = await outcomes(backend, { ...distrusting, rejectUnauthorized });
    expect(name).toBeDefined();
    expect([ours, theirs].map((each) => each.split(':')[0])).toEqual(['refused', 'refused']);
  });

  it.each(oddValues)(
    'checkServerIdentity of %s is refused or the default, as in Node',
    async (_name, checkServerIdentity) => {
      const attempt = async (connecting: () => TLSSocket | nodeTls.TLSSocket): Promise<string> => {
        try {
          return await outcomeOf(connecting());
        } catch (error) {
          return `throws: ${(error as { readonly code?: string }).code}`;
        }
      };
      const server = createServer({ ...serverOptions, backend });
      const port = await listen(server);
      const all = { ...trusting(port), servername: 'other.test', checkServerIdentity } as object;
      const ours = await attempt(() => connect({ ...all, backend }));
      const theirs = await attempt(() => nodeTls.connect(all));
      await close(server);
      expect([ours, theirs].map((each) => each.startsWith('secure'))).toEqual([false, false]);
    },
  );

  describe('what stands on Object.prototype', () => {
    const polluted = Object.prototype as unknown as Record<string, unknown>;
    afterEach(() => {
      for (const name of ['rejectUnauthorized', 'checkServerIdentity']) delete polluted[name];
    });

    it('does not turn off who is to be trusted', async () => {
      polluted['rejectUnauthorized'] = false;
      const [ours, theirs] = await outcomes(backend, distrusting);
      expect([ours, theirs].map((each) => each.split(':')[0])).toEqual(['refused', 'refused']);
    });

    it('does not say for whom a certificate is', async () => {
      polluted['checkServerIdentity'] = () => undefined;
      const [ours, theirs] = await outcomes(backend, { servername: 'other.test' });
      expect([ours, theirs]).toEqual([
        'refused: ERR_TLS_CERT_ALTNAME_INVALID',
        'refused: ERR_TLS_CERT_ALTNAME_INVALID',
      ]);
    });
  });
});
