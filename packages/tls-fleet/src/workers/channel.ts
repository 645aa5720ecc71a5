import { isMainThread, parentPort } from 'node:worker_threads';
import { TlsError } from '@org/tls-core';
import { wrongType } from '@org/tls-core/backend';

/** A process at the other end: `process` in a child, a `ChildProcess`, or a worker of node:cluster. */
export interface ProcessChannel {
  // oxlint-disable-next-line typescript/no-explicit-any -- the parameters of Node's own types differ
  send?: ((message: any, ...more: any[]) => boolean) | undefined;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
}

/** A thread at the other end: a `Worker` or a `MessagePort` of node:worker_threads. */
export interface PortChannel {
  postMessage(message: unknown): void;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
}

/** What leads to another process or thread of the program. Messages of the program's own may go over it too. */
export type Channel = ProcessChannel | PortChannel;

/** Both ends know their messages by this. */
const mark = '@org/tls-fleet 1';

/** One end of a channel. */
export interface ChannelEnd {
  /** Sends a message. Where the other end is gone, nothing happens: that is told by `onEnd`. */
  readonly send: (message: Readonly<Record<string, unknown>>) => void;
  /** Listens no more. */
  readonly close: () => void;
}

interface ChannelListener {
  readonly onMessage: (message: Readonly<Record<string, unknown>>) => void;
  /** The other end is gone. */
  readonly onEnd: () => void;
}

/** @throws TypeError when it is no channel */
export function openChannel(channel: Channel, { onMessage, onEnd }: ChannelListener): ChannelEnd {
  const post = posting(channel);
  const take = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return;
    const fields = message as Readonly<Record<string, unknown>>;
    if (fields['from'] === mark) onMessage(fields);
  };
  // a process that ends is no other end that is gone
  const ends = channel === process ? ['disconnect'] : ['disconnect', 'exit', 'close'];
  channel.on('message', take);
  for (const event of ends) channel.on(event, onEnd);
  return {
    send: (message) => {
      try {
        post({ ...message, from: mark });
      } catch {
        // a process that is gone throws here, and says so by an event too
      }
    },
    close: () => {
      channel.off('message', take);
      for (const event of ends) channel.off(event, onEnd);
    },
  };
}

function posting(channel: Channel): (message: unknown) => void {
  const given: unknown = channel;
  if (typeof given === 'object' && given !== null) {
    const { send, postMessage } = given as Partial<ProcessChannel & PortChannel>;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
    if (typeof postMessage === 'function') return (message) => (channel as PortChannel).postMessage(message);
    // with a callback a failure is no event of the program's
    if (typeof send === 'function')
      return (message) => void (channel as ProcessChannel).send?.(message, () => undefined);
  }
  throw wrongType('channel', 'a process with a channel, a worker or a port', given);
}

/**
 * Finds the channel to who has started this thread or process.
 * @throws TlsError `ERR_TLS_CONFIG` where there is none
 */
export function channelAbove(): Channel {
  if (!isMainThread && parentPort !== null) return parentPort;
  if (typeof process.send === 'function') return process;
  throw new TlsError('ERR_TLS_CONFIG', 'this process was not started with a channel, so that there is nobody to join');
}
