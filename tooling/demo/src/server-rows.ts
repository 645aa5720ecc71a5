import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ConnectionInfo } from '@org/tls-core';
import { createServer, type TlsSocket } from '@org/tls-core/node';
import { runProgram } from './child-process.ts';
import type { PemFiles } from './peers.ts';
import { runRow, type Outcome, type Row } from './row.ts';

const page = 'hello from a server of ours\n';

/** Serves a page to curl over every backend. */
export async function serverRows(
  backends: readonly string[],
  files: PemFiles,
  identity: ServerIdentity,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const backend of backends) {
    rows.push(await runRow({ backend, role: 'server', peer: 'curl' }, () => serveToCurl(backend, files, identity)));
  }
  return rows;
}

export interface ServerIdentity {
  readonly certificateChain: string;
  readonly privateKey: string;
}

async function serveToCurl(backend: string, files: PemFiles, identity: ServerIdentity): Promise<Outcome> {
  const sockets = new Set<TlsSocket>();
  const seen: { info: ConnectionInfo | undefined } = { info: undefined };
  const httpServer = http.createServer((_request, response) => {
    response.setHeader('connection', 'close');
    response.end(page);
  });
  const server = await createServer(
    { tls: { backend, from: import.meta.url, identity, alpnProtocols: ['http/1.1'] } },
    (socket) => {
      seen.info = socket.info;
      sockets.add(socket);
      httpServer.emit('connection', socket);
    },
  );
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const url = `https://localhost:${port}/`;
    const printed = await runProgram('curl', [
      '-sS',
      '--max-time',
      '8',
      '--noproxy',
      '*',
      '--cacert',
      files.ca,
      '-w',
      '%{http_code}',
      url,
    ]);
    if (!printed.startsWith(page)) throw new Error(`curl got another page: ${printed}`);
    return { info: seen.info, status: Number(printed.slice(page.length)) };
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}
