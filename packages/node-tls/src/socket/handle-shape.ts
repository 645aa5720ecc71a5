import { executionAsyncId } from 'node:async_hooks';
import type { Duplex } from 'node:stream';
import { builtin } from '../builtin.ts';
import { streamSocketClass } from './stream-socket-class.ts';

/** What a handle shape asks of its socket. */
interface HandleOwner {
  readonly _parent: Duplex;
  readonly peerError: Error | undefined;
  readonly servername: string | false | null;
  destroy(): unknown;
  ref(): unknown;
  unref(): unknown;
}

/**
 * What stands where Node has the C++ object of a socket, `socket._handle` and `socket.ssl`. Libraries look there whether a socket is open, and
 * Node's http asks it for its number. It moves no bytes.
 */
export class HandleShape {
  readonly isStreamBase = false;
  /** Node's http starts it where it is false. */
  reading = true;
  readonly #owner: HandleOwner;
  readonly #asyncId = executionAsyncId();

  constructor(owner: HandleOwner) {
    this.#owner = owner;
  }

  /** The connection below. For one without a handle Node has a wrapper, which libraries take the class of. */
  get _parentWrap(): object | undefined {
    const below = this.#owner._parent;
    if (below instanceof builtin.net.Socket) return below;
    const prototype: object | undefined = streamSocketClass()?.prototype as object | undefined;
    return prototype && (Object.create(prototype) as object);
  }

  /** The file descriptor of the connection below; -1 where it has none. */
  get fd(): number {
    const { _handle: handle } = this.#owner._parent as { readonly _handle?: { readonly fd?: number } | null };
    return handle?.fd ?? -1;
  }

  get writeQueueSize(): number {
    return this.#owner._parent.writableLength;
  }

  getAsyncId(): number {
    return this.#asyncId;
  }

  getServername(): string | false {
    return this.#owner.servername ?? false;
  }

  verifyError(): Error | undefined {
    return this.#owner.peerError;
  }

  readStart(): number {
    return 0;
  }

  readStop(): number {
    return 0;
  }

  ref(): void {
    this.#owner.ref();
  }

  unref(): void {
    this.#owner.unref();
  }

  close(done?: () => void): void {
    this.#owner.destroy();
    done?.();
  }
}
