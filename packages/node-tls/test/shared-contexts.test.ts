import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { TlsBackend } from '@org/tls-core';
import { LentContexts, type Desk } from '../src/context/lent-contexts.ts';
import { connect, createSecureContext, createServer, type ConnectionOptions, type TLSSocket } from '../src/index.ts';
import { backends, close, listen, root, serverOptions, stranger, trusting } from './support.ts';

/** What came of a connection: whether the peer is trusted, or the code of the error. */
async function outcomeOf(options: ConnectionOptions): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect(options);
    socket.once('error', (error: Error & { readonly code?: unknown }) => resolve(error.code ?? error.message));
    socket.once('secureConnect', () => {
      resolve(socket.authorized);
      socket.end();
    });
  });
}

describe.each(backends)('Connections that share contexts over %s', (_name, backend) => {
  test('are each judged by their own options, at the same time and one after the other', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) =>
      socket.on('error', () => undefined).resume(),
    );
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    const secureContext = createSecureContext({ ca: root.certificatePem });
    const strange = createSecureContext({ ca: stranger.certificatePem });
    const base = { ...trusting(port), backend, secureContext };
    const refusal = Object.assign(new Error('no'), { code: 'ERR_OF_THE_PROGRAM' });
    const kinds: readonly (readonly [ConnectionOptions, unknown])[] = [
      [base, true],
      [{ ...base, checkServerIdentity: () => refusal }, 'ERR_OF_THE_PROGRAM'],
      [{ ...base, servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      [{ ...base, secureContext: strange }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      [{ ...base, secureContext: strange, rejectUnauthorized: false }, false],
      [{ ...base, servername: 'other.test', rejectUnauthorized: false }, false],
    ];
    const expected = kinds.map(([, outcome]) => outcome);
    for (let round = 0; round < 3; round += 1) {
      const outcomes = Promise.all(kinds.map(async ([options]) => outcomeOf(options)));
      // oxlint-disable-next-line no-await-in-loop -- the contexts of a round are used by the next
      expect(await outcomes).toEqual(expected);
    }
    for (const [options, outcome] of kinds) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await outcomeOf(options)).toBe(outcome);
    }
    await close(server);
  });

  test('of a server that asks for certificates are each judged by what their client shows', async () => {
    const known = await root.issue({ extendedKeyUsage: ['clientAuth'] });
    const unknown = await stranger.issue({ extendedKeyUsage: ['clientAuth'] });
    const authorized = new Map<number | undefined, boolean>();
    const server = createServer(
      { ...serverOptions, backend, ca: root.certificatePem, requestCert: true, rejectUnauthorized: false },
      (socket: TLSSocket) => {
        authorized.set(socket.remotePort, socket.authorized);
        socket.on('error', () => undefined).end();
      },
    );
    const port = await listen(server);
    const shown = [known, unknown, undefined].map((own) =>
      createSecureContext({ ca: root.certificatePem, ...(own && { cert: own.chainPem, key: own.privateKeyPem }) }),
    );
    for (let round = 0; round < 3; round += 1) {
      const run = async (secureContext: ReturnType<typeof createSecureContext>): Promise<boolean | undefined> => {
        const socket = connect({ ...trusting(port), backend, secureContext });
        await once(socket, 'secureConnect');
        const { localPort } = socket;
        socket.resume();
        await once(socket, 'close');
        return authorized.get(localPort);
      };
      // oxlint-disable-next-line no-await-in-loop -- the contexts of a round are used by the next
      expect(await Promise.all(shown.map(run))).toEqual([true, false, false]);
    }
    await close(server);
  });

  test('see an authority that was added to their context', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) =>
      socket.on('error', () => undefined).resume(),
    );
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    const secureContext = createSecureContext({ ca: stranger.certificatePem });
    const options = { ...trusting(port), backend, secureContext };
    expect(await outcomeOf(options)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    const { context } = secureContext as { readonly context: { addCACert(pem: string): void } };
    context.addCACert(root.certificatePem);
    expect(await outcomeOf(options)).toBe(true);
    expect(await outcomeOf({ ...options, secureContext: createSecureContext({ ca: stranger.certificatePem }) })).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
    await close(server);
  });
});

describe('A context that is lent', () => {
  const backend = {} as TlsBackend;
  const owner = {};
  const terms = { backend, owner, words: 'words' };
  interface Party {
    readonly name: string;
  }
  const make = (desk: Desk<Party>) => ({ who: () => desk.party?.name });

  test('speaks for the connection that has it, for nobody in between, and for one at a time', () => {
    const contexts = new LentContexts<ReturnType<typeof make>, Party>();
    const first = contexts.lend(terms, { name: 'first' }, make);
    const second = contexts.lend(terms, { name: 'second' }, make);
    expect(second.context).not.toBe(first.context);
    expect([first.context.who(), second.context.who()]).toEqual(['first', 'second']);
    first.end();
    first.end();
    expect(first.context.who()).toBeUndefined();
    const third = contexts.lend(terms, { name: 'third' }, make);
    expect(third.context).toBe(first.context);
    first.end();
    expect(third.context.who()).toBe('third');
    expect(contexts.lend(terms, { name: 'fourth' }, make).context).not.toBe(third.context);
  });

  test('is lent on the same terms only, and not kept beyond a bound', () => {
    const contexts = new LentContexts<ReturnType<typeof make>, Party>();
    const party = { name: 'anybody' };
    const loan = contexts.lend(terms, party, make);
    loan.end();
    for (const other of [{ words: 'others' }, { owner: {} }, { backend: {} as TlsBackend }])
      expect(contexts.lend({ ...terms, ...other }, party, make).context).not.toBe(loan.context);
    const loans = Array.from({ length: 100 }, () => contexts.lend(terms, party, make));
    for (const each of loans) each.end();
    const kept = Array.from({ length: 100 }, () => contexts.lend(terms, party, make).context);
    expect(kept.filter((context) => loans.some((each) => each.context === context))).toHaveLength(64);
    for (let kind = 0; kind < 100; kind += 1) contexts.lend({ ...terms, words: `${kind}` }, party, make).end();
    let made = 0;
    contexts.lend({ ...terms, words: '0' }, party, (desk) => {
      made += 1;
      return make(desk);
    });
    expect(made).toBe(1);
  });
});
