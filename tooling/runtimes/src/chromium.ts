import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { Reports } from './reports.ts';

/** Runs the kit's cases without sockets in a page of headless Chromium, which is served on the loopback and posts its reports. */
export async function runKitInChromium(): Promise<Reports> {
  const { code, imports } = await bundle('page.js', 'browser');
  if (imports.length > 0) throw new Error(`a browser has no ${imports.join(', ')}`);
  const reports = new Reports();
  let [complete, giveUp] = [(): void => undefined, (_error: Error): void => undefined];
  const completed = new Promise<void>((resolve, reject) => {
    [complete, giveUp] = [resolve, reject];
  });
  const server = await serve(code, {
    '/report': (line) => {
      reports.add(line);
      if (reports.isComplete) complete();
    },
    '/failure': (message) => giveUp(new Error(`the page: ${message}`)),
  });
  try {
    await whileOpen(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, completed);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return reports;
}

/** What is wrong with the page itself is told too: an error that the kit has not taken for a case's own. */
const html = `<!doctype html>
<title>kit</title>
<script>
  for (const type of ['error', 'unhandledrejection'])
    addEventListener(type, (event) => setTimeout(() => {
      const { stack, message } = event.error ?? event.reason ?? event;
      if (!event.defaultPrevented) fetch('/failure', { method: 'POST', body: stack ?? message ?? type });
    }));
</script>
<script type="module" src="/page.js"></script>
`;

/** @param posted what is done with what is posted, by its path */
async function serve(code: string, posted: Readonly<Record<string, (body: string) => void>>): Promise<Server> {
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', html],
    '/page.js': ['text/javascript', code],
  };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (posted[url] !== undefined) {
      void textOf(request).then((body) => {
        posted[url]?.(body);
        response.end();
      });
      return;
    }
    const [type, body] = files[url] ?? ['text/plain', ''];
    response.setHeader('content-type', `${type}; charset=utf-8`).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Opens a page until `done` is fulfilled. @throws Error with what Chromium said, when it ends by itself before */
async function whileOpen(url: string, done: Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-chromium-'));
  // As root Chromium has no sandbox. The page is our own.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--enable-logging=stderr'];
  const child = spawn('chromium', [...flags, ...asRoot, `--user-data-dir=${folder}`, url], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve());
  });
  try {
    const isDone = await Promise.race([done.then(() => true), ended.then(() => false)]);
    if (!isDone) throw new Error(`Chromium ended before the kit did:\n${said.join('')}`);
  } finally {
    endGroup(child);
    await ended.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends Chromium with the processes that it has started, which are a group of their own. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}
