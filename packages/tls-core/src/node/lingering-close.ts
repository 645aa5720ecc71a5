import type { Duplex } from 'node:stream';

/** How long a peer may take to end its side. */
const lingerTime = 1000;

/**
 * Ends a transport and reads on, without keeping anything, until the peer has ended too. A TCP socket that is closed with unread
 * input sends a reset, and a reset overtakes what was written last.
 */
export function lingeringClose(transport: Duplex): void {
  if (transport.destroyed) return;
  const close = (): void => {
    clearTimeout(timer);
    transport.destroy();
  };
  const timer = setTimeout(close, lingerTime).unref();
  transport.once('end', close);
  transport.once('error', close);
  transport.once('close', close);
  transport.end();
  transport.resume();
}
