import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a peer may take to read what was sent last, or to end its side. */
const lingerTime = 1000;

/**
 * Ends a transport and reads on, without keeping anything, until the peer has ended too. A TCP socket that is closed with unread
 * input sends a reset, and a reset overtakes what was written last.
 */
export function lingeringClose(transport: Duplex): void {
  if (transport.destroyed) return;
  const close = boundedClose(transport);
  transport.once('end', close);
  transport.end();
  transport.resume();
}

/** Closes a transport as soon as it has given out what it holds: at once where it holds nothing. */
export function closeWhenSent(transport: Duplex): void {
  if (transport.destroyed) return;
  if (transport.writableLength === 0) {
    transport.destroy();
    return;
  }
  transport.once('finish', boundedClose(transport));
  transport.end();
}

/**
 * Closes a TCP connection by a reset, and any other at once. A net.Socket sends first what it holds, which may be never; and it closes
 * in order after all when it is destroyed while it ends.
 */
export function resetTransport(transport: Duplex): void {
  if (transport.destroyed) return;
  const isIdle = transport.writableLength === 0;
  const canReset = isResettable(transport);
  if (canReset) transport.resetAndDestroy();
  if (!canReset || !isIdle) transport.destroy();
}

/** A pipe has the method too, and throws. */
function isResettable(transport: Duplex): transport is Socket {
  const { resetAndDestroy, remotePort } = transport as Partial<Socket>;
  return typeof resetAndDestroy === 'function' && remotePort !== undefined;
}

/** What closes a transport, and does so by itself when it has taken too long: a peer that does not read holds nobody. */
function boundedClose(transport: Duplex): () => void {
  const close = (): void => {
    clearTimeout(timer);
    transport.destroy();
  };
  const timer = setTimeout(close, lingerTime).unref();
  transport.once('error', close);
  transport.once('close', close);
  return close;
}
