import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

/**
 * Starts this machine's own OpenSSL for the tests inside of Wine, which ask for it by HTTP on the loopback:
 * - `POST /run` runs a program until it ends: `{ status, output }`
 * - `POST /start` starts a server: `{ id, port }` once it has printed `ready`, whose group is the port
 * - `POST /stop` ends a server: `{ output }`
 *
 * A request is `{ args, files, input, ready, id }`; `{name}` in an argument is the path of the file `name`. Input and output
 * are base64.
 * @returns its URL, and `close` that ends what is still running
 */
export async function startPeerHost() {
  const folder = mkdtempSync(join(tmpdir(), 'tls-windows-peers-'));
  const running = new Map();
  let count = 0;

  function start({ args, files = {}, input }) {
    count += 1;
    const own = join(folder, String(count));
    mkdirSync(own);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text, { mode: 0o600 });
    const paths = args.map((word) => word.replace(/^\{(.+)\}$/, (_, name) => join(own, name)));
    // A peer that hangs is ended, and the test then fails by what it sees.
    const child = spawn('openssl', paths, { stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000 });
    const output = [];
    child.stdout.on('data', (bytes) => output.push(bytes));
    child.stderr.on('data', (bytes) => output.push(bytes));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.write(Buffer.from(input ?? '', 'base64'));
    const ended = new Promise((resolve) => {
      child.once('error', resolve);
      child.once('close', resolve);
    });
    const peer = { id: count, child, ended, output: () => Buffer.concat(output) };
    running.set(count, peer);
    void ended.then(() => running.delete(peer.id));
    return peer;
  }

  async function end({ child, ended }) {
    child.kill('SIGTERM');
    await ended;
  }

  const actions = {
    '/run': async (request) => {
      const { child, ended, output } = start(request);
      child.stdin.end();
      const status = await ended;
      return { status, output: output().toString('base64') };
    },
    '/start': async (request) => {
      const peer = start(request);
      const port = await said(peer, new RegExp(request.ready, 'm'));
      return { id: peer.id, port: Number(port) };
    },
    '/stop': async ({ id }) => {
      const peer = running.get(id);
      if (peer === undefined) throw new Error(`peer ${id} has ended by itself`);
      await end(peer);
      return { output: peer.output().toString('base64') };
    },
  };

  const act = async (request, response) => {
    try {
      const body = Buffer.concat(await request.toArray());
      const answer = await actions[request.url](JSON.parse(body.toString()));
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  };
  const server = createServer((request, response) => void act(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all([...running.values()].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the first group of what a server says when it listens. */
function said({ child, ended, output }, ready) {
  return new Promise((resolve, reject) => {
    const read = () => {
      const match = ready.exec(output().toString());
      if (match !== null) resolve(match[1]);
    };
    child.stdout.on('data', read);
    void ended.then((status) => reject(new Error(`openssl ended with ${status}: ${output().toString()}`)));
  });
}
