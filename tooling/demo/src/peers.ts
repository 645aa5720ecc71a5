import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startServer, type ChildServer } from './child-process.ts';

/** The PEM files of the throw-away CA. */
export interface PemFiles {
  readonly ca: string;
  readonly chain: string;
  readonly key: string;
}

/** A server that is not ours. */
export interface Peer {
  readonly name: string;
  /** Whether the row with it is about HTTP/2. */
  readonly http2: boolean;
  start(files: PemFiles): Promise<ChildServer>;
}

export const peers: readonly Peer[] = [
  { name: 'node:https', http2: false, start: (files) => startNode('https', files) },
  { name: 'node:http2', http2: true, start: (files) => startNode('http2', files) },
  {
    name: 'openssl s_server',
    http2: false,
    start: ({ chain, key }) =>
      startServer(
        'openssl',
        ['s_server', '-accept', '127.0.0.1:0', '-www', '-cert', chain, '-cert_chain', chain, '-key', key],
        /^ACCEPT \S+:(\d+)$/m,
      ),
  },
];

function startNode(kind: 'https' | 'http2', { chain, key }: PemFiles): Promise<ChildServer> {
  const script = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? './node-peer.ts' : './node-peer.js', import.meta.url),
  );
  return startServer(process.execPath, [script, kind, chain, key], /^ACCEPT (\d+)$/m);
}
