import type { OnReadOpts } from 'node:net';
import type { OnRead } from '@org/tls-core/node';

/** Has a program's function asked for each buffer before it is known whether bytes come for it, as net.Socket does. */
export function askedBeforehand(onread: OnReadOpts): OnRead {
  const { buffer } = onread;
  const callback = (length: number, given: Uint8Array): unknown => onread.callback(length, given);
  if (typeof buffer !== 'function') return { buffer, callback };
  let next = buffer();
  return {
    buffer: () => next,
    callback: (length, given) => {
      const wantsMore = callback(length, given);
      next = buffer();
      return wantsMore;
    },
  };
}
