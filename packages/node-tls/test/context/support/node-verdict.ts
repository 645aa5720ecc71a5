import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';

/** A peer with its chain, as PEM. */
export interface JudgedPeer {
  readonly chainPem: string;
  readonly privateKeyPem: string;
}

/** Whom the judge trusts. */
export interface JudgeOptions {
  readonly ca?: readonly string[];
  readonly crl?: readonly string[];
  readonly allowPartialTrustChain?: boolean;
}

/** What Node's verifier says of a peer: a code and words; `undefined`: nothing. */
export type NodeVerdict = { readonly code: string; readonly message: string } | undefined;

/** Newer versions of Node say behind OpenSSL's words how to trust what the system trusts. */
const hint = /; if the root CA is installed locally.*/u;

/** Node's verifier has no other way to its words than this. */
interface WithHandle {
  readonly _handle: { verifyError(): (Error & { readonly code: string }) | null };
}

/** Shows the chain to Node's own TLS over loopback, as a server or as a client, and gives what it says. */
export async function nodeVerdict(
  { chainPem: cert, privateKeyPem: key }: JudgedPeer,
  options: JudgeOptions,
  shownBy: 'server' | 'client' = 'server',
): Promise<NodeVerdict> {
  const peer = { cert, key, ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1.2' } as const;
  const { ca = [], crl, ...rest } = options;
  const judge = { ...rest, ca: [...ca], ...(crl && { crl: [...crl] }) };
  const isServer = shownBy === 'server';
  const server = createServer(isServer ? peer : { ...peer, ...judge, requestCert: true, rejectUnauthorized: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...(isServer ? judge : peer) });
  client.on('error', () => undefined);
  const failed = once(server, 'tlsClientError').then(([error]) => Promise.reject(error as Error));
  const secure = once(isServer ? client : server, isServer ? 'secureConnect' : 'secureConnection');
  const [judging = client] = (await Promise.race([secure, failed])) as [TLSSocket?];
  const { _handle: handle } = judging as unknown as WithHandle;
  const error = handle.verifyError();
  client.destroy();
  judging.destroy();
  failed.catch(() => undefined);
  server.close();
  return error === null ? undefined : { code: error.code, message: error.message.replace(hint, '') };
}
