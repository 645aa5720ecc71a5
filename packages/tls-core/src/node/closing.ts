import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClosingManner } from './transport.ts';

/** How long a peer may take to read what was sent last, or to end its side. */
const lingerTime = 1000;

/**
 * Closes a Duplex, unless it is closed already.
 * @param waiting bytes that were written and are not sent
 */
export function closeDuplex(duplex: Duplex, manner: ClosingManner, waiting: number): void {
  if (!duplex.destroyed) closings[manner](duplex, waiting);
}

const closings: Readonly<Record<ClosingManner, (duplex: Duplex, waiting: number) => void>> = {
  now: (duplex) => duplex.destroy(),
  whenSent: closeWhenSent,
  lingering: closeLingering,
  reset,
};

/**
 * Ends a connection and reads on, without keeping anything, until the peer has ended too. A TCP socket that is closed with unread
 * input sends a reset, and a reset overtakes what was written last.
 */
function closeLingering(duplex: Duplex): void {
  const close = boundedClose(duplex);
  duplex.once('end', close);
  duplex.end();
  duplex.resume();
}

/** Closes a connection as soon as it has given out what it holds, which is at once where it holds nothing. */
function closeWhenSent(duplex: Duplex, waiting: number): void {
  if (waiting === 0) {
    duplex.destroy();
    return;
  }
  duplex.once('finish', boundedClose(duplex));
  duplex.end();
}

/**
 * Closes a TCP connection by a reset, and any other at once. A net.Socket sends first what it holds, which may be never; and it closes
 * in order after all when it is destroyed while it ends.
 */
function reset(duplex: Duplex, waiting: number): void {
  const canReset = isResettable(duplex);
  if (canReset) duplex.resetAndDestroy();
  if (!canReset || waiting > 0) duplex.destroy();
}

/** A pipe of node:net has the method too, and throws when it is called. */
function isResettable(duplex: Duplex): duplex is Socket {
  const { resetAndDestroy, remotePort } = duplex as Partial<Socket>;
  return typeof resetAndDestroy === 'function' && remotePort !== undefined;
}

/** Gives a function that closes a connection, and calls it when it was not called for too long: a peer that does not read holds nobody. */
function boundedClose(duplex: Duplex): () => void {
  const close = (): void => {
    clearTimeout(timer);
    duplex.destroy();
  };
  const timer = setTimeout(close, lingerTime).unref();
  duplex.once('error', close);
  duplex.once('close', close);
  return close;
}
