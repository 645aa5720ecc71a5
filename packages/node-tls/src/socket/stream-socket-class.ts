import type { Socket } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { builtin } from '../builtin.ts';

type StreamSocketClass = new (stream: Duplex) => Socket;

let found: StreamSocketClass | undefined;

/**
 * Node's own wrapper that gives a Duplex a handle, without which http2 takes none. Node does not export it; it shows it as what a TLS socket
 * over a stream stands on, and libraries get it from there too. `undefined` where a version of Node does not show it.
 */
export function streamSocketClass(): StreamSocketClass | undefined {
  if (found === undefined) {
    const probe = new builtin.tls.TLSSocket(new PassThrough());
    const { _handle: handle } = probe as unknown as { readonly _handle?: { readonly _parentWrap?: object } | null };
    found = handle?._parentWrap?.constructor as StreamSocketClass | undefined;
    probe.on('error', () => undefined).destroy();
  }
  return found;
}
