import type { Duplex } from 'node:stream';
import { DuplexTransport } from './duplex-transport.ts';
import { isPlainSocket } from './plain-socket.ts';
import { SocketTransport } from './socket-transport.ts';
import { checkDuplex } from './take-duplex.ts';
import type { Transport } from './transport.ts';

/**
 * Gives the fastest transport over a Duplex: a `SocketTransport` where it is a net.Socket that nobody has touched, else a `DuplexTransport`.
 * @throws TypeError on what is no Duplex, is another TlsStream's, or has decoded its bytes to text already
 */
export function transportOver(duplex: Duplex): Transport {
  checkDuplex(duplex);
  return isPlainSocket(duplex) ? new SocketTransport(duplex) : new DuplexTransport(duplex);
}
