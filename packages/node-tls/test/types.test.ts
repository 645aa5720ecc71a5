import type { Server as HttpsServer } from 'node:https';
import type { Server as NetServer, Socket } from 'node:net';
import type * as node from 'node:tls';
import { expectTypeOf, test } from 'vitest';
import type tls from '../src/index.ts';
import type { ConnectionOptions, PeerCertificate } from '../src/index.ts';
import { connect, createSecureContext, createServer, TLSSocket } from '../src/index.ts';
import type https from '../src/https.ts';
import type http2 from '../src/http2.ts';

test('a TLSSocket is one of Node’s for TypeScript', () => {
  expectTypeOf<TLSSocket>().toExtend<node.TLSSocket>();
  expectTypeOf<TLSSocket>().toExtend<Socket>();
  expectTypeOf(connect).returns.toExtend<node.TLSSocket>();
});

test('servers and contexts are Node’s for TypeScript', () => {
  expectTypeOf(createServer).returns.toExtend<node.Server>();
  expectTypeOf(createServer).returns.toExtend<NetServer>();
  expectTypeOf(createSecureContext).returns.toExtend<node.SecureContext>();
  expectTypeOf<https.Server>().toExtend<HttpsServer>();
});

test('what is typed as Node’s options, or as a function of Node’s, can be given', () => {
  expectTypeOf<node.ConnectionOptions>().toExtend<ConnectionOptions>();
  expectTypeOf<node.TlsOptions>().toExtend<tls.TlsOptions>();
  expectTypeOf<node.TLSSocketOptions>().toExtend<tls.TLSSocketOptions>();
  expectTypeOf<node.SecureContextOptions>().toExtend<tls.SecureContextOptions>();
  expectTypeOf(connect).toExtend<typeof node.connect>();
  expectTypeOf(createServer).toExtend<typeof node.createServer>();
  expectTypeOf(TLSSocket).toExtend<typeof node.TLSSocket>();
});

test('the types of Node’s modules are there, by name and in the default', () => {
  expectTypeOf<PeerCertificate>().toEqualTypeOf<node.PeerCertificate>();
  expectTypeOf<tls.TLSSocket>().toEqualTypeOf<TLSSocket>();
  expectTypeOf<https.RequestOptions>().toExtend<{ readonly host?: string | null | undefined }>();
  expectTypeOf<http2.ClientHttp2Session>().toExtend<{ close(): void }>();
});
