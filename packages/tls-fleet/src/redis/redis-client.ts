import { wrongType } from '@org/tls-core/backend';
import type { SendCommand } from '../link/send-command.ts';

/** A client as ioredis and iovalkey have it, of one server or of a cluster. */
export interface CallingClient {
  call(command: string, ...args: string[]): PromiseLike<unknown>;
}

/** A client as node-redis has it, of one server or of a pool. */
export interface SendingClient {
  sendCommand(command: string[]): PromiseLike<unknown>;
}

/** A client of a cluster as node-redis has it. */
export interface SendingCluster {
  sendCommand(key: string | undefined, isReadonly: boolean, command: string[]): PromiseLike<unknown>;
  getSlotRandomNode(slot: number): unknown;
}

/**
 * A client of Redis or Valkey: that of ioredis, iovalkey or node-redis, or a function for any other. It is the program's own: nobody else
 * connects, authenticates or closes it.
 */
export type RedisClient = CallingClient | SendingClient | SendingCluster | SendCommand;

/** A connection that is in the mode of subscriptions, as ioredis and iovalkey have it. */
export interface EmittingSubscriber {
  call(command: string, ...args: string[]): PromiseLike<unknown>;
  subscribe(channel: string): PromiseLike<unknown>;
  unsubscribe(channel: string): PromiseLike<unknown>;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  off(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/** As `EmittingSubscriber`, as node-redis has it. */
export interface ListeningSubscriber {
  subscribe(channel: string, listener: (message: string) => void): PromiseLike<unknown>;
  unsubscribe(channel: string, listener: (message: string) => void): PromiseLike<unknown>;
}

/** A second connection of the program's, for messages. A connection that is subscribed takes no other commands. */
export type RedisSubscriber = EmittingSubscriber | ListeningSubscriber;

/** @throws TypeError when it is no client */
export function sendCommandOf(client: RedisClient): SendCommand {
  if (typeof client === 'function') return client;
  // ioredis has `sendCommand` too, for commands that are objects of its own
  if (has(client, 'call')) return ([name = '', ...args]) => (client as CallingClient).call(name, ...args);
  if (has(client, 'sendCommand') && has(client, 'getSlotRandomNode'))
    return (command, key) => (client as SendingCluster).sendCommand(key, false, [...command]);
  if (has(client, 'sendCommand')) return (command) => (client as SendingClient).sendCommand([...command]);
  throw wrongType('redis', 'a client of ioredis, iovalkey or node-redis, or a function that sends a command', client);
}

/** @throws TypeError when it is no client */
export function checkSubscriber(client: RedisSubscriber): RedisSubscriber {
  if (!has(client, 'subscribe')) throw wrongType('subscriber', 'a client of ioredis, iovalkey or node-redis', client);
  return client;
}

/**
 * Has a listener called at each message.
 * @returns what ends that
 * @throws (rejects with) what subscribing fails with
 */
export async function listen(client: RedisSubscriber, channel: string, listener: () => void): Promise<() => void> {
  const ignore = (): void => undefined;
  if (!isEmitting(client)) {
    await client.subscribe(channel, listener);
    return () => void client.unsubscribe(channel, listener).then(ignore, ignore);
  }
  const onMessage = (from: string): void => {
    if (from === channel) listener();
  };
  client.on('message', onMessage);
  await client.subscribe(channel);
  return () => {
    client.off('message', onMessage);
    client.unsubscribe(channel).then(ignore, ignore);
  };
}

/** The one has methods `on` and `call`, the other gives each listener to `subscribe`. */
function isEmitting(client: RedisSubscriber): client is EmittingSubscriber {
  return has(client, 'call');
}

function has(client: unknown, method: string): boolean {
  return (
    typeof client === 'object' && client !== null && typeof (client as Record<string, unknown>)[method] === 'function'
  );
}
