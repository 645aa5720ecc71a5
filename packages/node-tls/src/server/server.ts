import type { NonSharedBuffer } from 'node:buffer';
import { captureRejectionSymbol } from 'node:events';
import type { Server as NetServer } from 'node:net';
import type { SecureContext } from 'node:tls';
import { builtin } from '../builtin.ts';
import { refused, wrongType } from '../coded-error.ts';
import type { SecureContextOptions } from '../secure-context.ts';
import type { TLSSocket } from '../socket/tls-socket.ts';
import type { TlsOptions } from './server-options.ts';
import { acceptorOf, takeConnections } from './tls-acceptor.ts';

type SecureListener = (socket: TLSSocket) => void;
type Given = readonly [
  options?: TlsOptions | SecureListener | null | undefined,
  listener?: SecureListener | null | undefined,
];

/** Node's tls.Server over any backend. */
class TlsServer extends builtin.net.Server {
  declare readonly requestCert: boolean;
  declare readonly rejectUnauthorized: boolean;

  constructor(...given: Given) {
    super({ ...readOptions(given[0]) });
    initialise(this, given);
  }

  /** Also true of Node's https.Server and http2's secure server, which have another class of Node above them. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // oxlint-disable-next-line typescript/no-this-alias -- a subclass inherits this method, and means itself
    const Class: unknown = this;
    if ((Class === TlsServer || Class === Server) && value instanceof builtin.tls.Server) return true;
    return Function.prototype[Symbol.hasInstance].call(Class, value);
  }

  /** What a listener's Promise is rejected with destroys the connection that it was for. */
  override [captureRejectionSymbol](error: Error, event: string | symbol, ...facts: readonly unknown[]): void {
    const [socket] = facts as readonly { destroy?(error: Error): void }[];
    if (event === 'secureConnection') socket?.destroy?.(error);
    else super.emit('error', error);
  }

  /** Uses another context for a name that a client asks for. */
  addContext(servername: string, context: SecureContext | SecureContextOptions): void {
    acceptorOf(this).addContext(servername, context);
  }

  /** Uses another context for connections that come from now on. */
  setSecureContext(options: SecureContextOptions): void {
    acceptorOf(this).setSecureContext(options);
  }

  /** @throws Error always: Node has deprecated it since its version 11.2 */
  setOptions(_options: object): never {
    throw refused('setOptions()', 'use setSecureContext()');
  }

  /** The 48 bytes of the key that seals tickets. */
  getTicketKeys(): NonSharedBuffer {
    return acceptorOf(this).getTicketKeys();
  }

  setTicketKeys(keys: Uint8Array): void {
    acceptorOf(this).setTicketKeys(keys);
  }

  /** What node:cluster gives to the servers of a port in other workers, which then open each other's tickets. */
  _getServerData(): { readonly ticketKeys: string } {
    return { ticketKeys: this.getTicketKeys().toString('hex') };
  }

  _setServerData({ ticketKeys }: { readonly ticketKeys: string }): void {
    this.setTicketKeys(Buffer.from(ticketKeys, 'hex'));
  }
}

/** Makes a server of a net.Server whose constructor has run. */
function initialise(server: NetServer, [given, listener]: Given): void {
  const options = readOptions(given);
  Object.assign(server, {
    requestCert: Boolean(options.requestCert),
    rejectUnauthorized: options.rejectUnauthorized !== false,
  });
  takeConnections(server, options);
  const onSecure = typeof given === 'function' ? given : listener;
  if (onSecure) server.on('secureConnection', onSecure);
}

function readOptions(given: Given[0]): TlsOptions {
  if (given === undefined || given === null || typeof given === 'function') return {};
  if (typeof given === 'object') return given;
  throw wrongType('"options" argument', 'of type object', given);
}

/** Node's own constructor, which is a function: a class of the old kind, as Node's https.Server is one, calls it with its `this`. */
const netServer = builtin.net.Server as unknown as (options: object) => void;

/** It can be called without `new`, as Node's can. */
export const Server = new Proxy(TlsServer, {
  apply(Class, self: unknown, given) {
    if (!(self instanceof builtin.net.Server)) return new Class(...(given as unknown as Given));
    const [options, listener] = given as unknown as Given;
    Reflect.apply(netServer, self, [{ ...readOptions(options) }]);
    initialise(self, [options, listener]);
    return self;
  },
}) as typeof TlsServer & ((...given: Given) => TlsServer);
export type Server = TlsServer;

/**
 * Makes a server, which does not listen yet.
 * @throws Error with Node's code on options that cannot be used
 */
export function createServer(listener?: SecureListener): Server;
export function createServer(options: TlsOptions, listener?: SecureListener): Server;
export function createServer(given?: TlsOptions | SecureListener, listener?: SecureListener): Server {
  return new TlsServer(given, listener);
}
