import type { Duplex } from 'node:stream';
import { DuplexTransport } from './duplex-transport.ts';
import { maxReadLength } from './on-read.ts';
import { isPlainSocket } from './plain-socket.ts';
import { SocketTransport } from './socket-transport.ts';
import { checkDuplex } from './take-duplex.ts';
import type { Transport } from './transport.ts';

/**
 * Gives the fastest transport over a Duplex: a `SocketTransport` where it is a net.Socket that nobody has touched, else a `DuplexTransport`.
 * @param readLength how many bytes should come at once at most, where the transport can say so: from 1 to 65,536, which is the default
 * @throws TypeError on what is no Duplex, is another TlsStream's, or has decoded its bytes to text already
 */
export function transportOver(duplex: Duplex, readLength = maxReadLength): Transport {
  checkDuplex(duplex);
  return isPlainSocket(duplex) ? new SocketTransport(duplex, readLength) : new DuplexTransport(duplex);
}
