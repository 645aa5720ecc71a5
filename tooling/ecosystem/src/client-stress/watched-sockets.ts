import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Witness } from '../stress/leftovers.ts';

/** Watches the sockets that this process dials, and those that undici has been given. */
export class WatchedSockets {
  readonly #witness = new Witness();
  readonly #open = new Set<Socket>();

  constructor() {
    subscribe('net.client.socket', this.#onDialled);
    subscribe('undici:client:connected', this.#onConnected);
  }

  /** How many of those that were dialled have not closed. */
  get open(): number {
    return this.#open.size;
  }

  /** How many sockets the garbage collector has not taken. */
  get alive(): number {
    return this.#witness.alive();
  }

  stop(): void {
    unsubscribe('net.client.socket', this.#onDialled);
    unsubscribe('undici:client:connected', this.#onConnected);
  }

  readonly #onDialled = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    this.#witness.see(socket);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  };

  readonly #onConnected = (message: unknown): void => {
    this.#witness.see((message as { readonly socket: Socket }).socket);
  };
}
