import { once } from 'node:events';
import http2 from 'node:http2';
import { Readable } from 'node:stream';
import { createRoot } from '@org/pki';
import { connect } from '@org/tls-core/node';
import { Client, type Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { listen } from './servers.ts';

/** How many requests a test makes. `HTTP2_BODIES=1000` is the long run. */
const rounds = Number(process.env['HTTP2_BODIES'] ?? 100);

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

describe.each(backends)('HTTP/2 over %s', (_name, backend) => {
  const tls = { backend, trust };

  test(`${rounds} of ${rounds} answers to a body by stream are whole`, async () => {
    await using server = await startEcho('in one go');
    await using client = createHttpClient({ tls, allowH2: true });
    const lost = await countLost((options) => client.request(server.origin, options));
    expect(lost).toBe(0);
    expect(server.connections()).toBe(1);
  });

  test(`${rounds} of ${rounds} answers are whole where undici has only our socket`, async () => {
    await using server = await startEcho('in one go');
    const client = new Client(server.origin, {
      allowH2: true,
      connect: ({ hostname: host, port }, done) => {
        const connecting = connect({ host, port: Number(port), tls, alpnProtocols: ['h2'] });
        connecting.then(
          (socket) => done(null, socket),
          (error: Error) => done(error, null),
        );
      },
    });
    const lost = await countLost((options) => client.request({ path: '/', ...options }));
    expect(lost).toBe(0);
    await client.destroy();
  });

  test('a large answer that overtakes its request is whole', async () => {
    await using server = await startEcho('as it comes');
    await using client = createHttpClient({ tls, allowH2: true });
    const body = Buffer.alloc(2 << 20, 'all work and no play ');
    const response = await client.request(server.origin, { method: 'POST', body: Readable.from([body, body]) });
    expect(Buffer.from(await response.body.arrayBuffer()).equals(Buffer.concat([greeting, body, body]))).toBe(true);
  });

  test('an abort gives up the stream that is the body', async () => {
    await using server = await startEcho('as it comes');
    await using client = createHttpClient({ tls, allowH2: true });
    const [aborting, reason] = [new AbortController(), new Error('not wanted any more')];
    const body = new Readable({ read: () => undefined });
    body.push('some');
    const gone = new Promise((resolve) => body.once('close', resolve));
    body.on('error', () => undefined);
    const response = await client.request(server.origin, { method: 'POST', body, signal: aborting.signal });
    aborting.abort(reason);
    await expect(response.body.text()).rejects.toBe(reason);
    await gone;
    expect(body.destroyed).toBe(true);
  });
});

const greeting = Buffer.from('hello ');

/** A server that greets and says what it got: at once and as it comes, or in one go when it has all, HEADERS and DATA in one record. */
function startEcho(manner: 'as it comes' | 'in one go'): ReturnType<typeof listen> {
  const server = http2.createSecureServer({ cert: leaf.chainPem, key: leaf.privateKeyPem });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    if (manner === 'as it comes') {
      stream.respond({ ':status': 200 });
      stream.write(greeting);
      stream.pipe(stream);
      return;
    }
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.concat([greeting, ...chunks]));
    });
  });
  return listen(server);
}

/** Makes requests one behind the other, and counts those whose answer is not what it has to be. */
async function countLost(
  request: (options: { readonly method: 'POST'; readonly body: Readable }) => Promise<Dispatcher.ResponseData>,
): Promise<number> {
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { body } = await request({ method: 'POST', body: Readable.from([`round ${round}`]) });
    const chunks: Buffer[] = [];
    body.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(body, 'end');
    if (Buffer.concat(chunks).toString() !== `hello round ${round}`) lost += 1;
  }
  return lost;
}
