import { codedError } from '../coded-error.ts';
import { builtin } from '../builtin.ts';
import type { SecureContext, SecureContextOptions } from '../secure-context.ts';
import type { TLSSocket } from '../socket/tls-socket.ts';
import type { TlsOptions } from './server-options.ts';
import { TlsAcceptor } from './tls-acceptor.ts';

type SecureListener = (socket: TLSSocket) => void;

/** Node's tls.Server over any backend. */
class TlsServer extends builtin.net.Server {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly #acceptor: TlsAcceptor;

  constructor(given?: TlsOptions | SecureListener | null, listener?: SecureListener) {
    const options = readOptions(given);
    super({ ...options } as object);
    this.requestCert = options.requestCert === true;
    this.rejectUnauthorized = options.rejectUnauthorized !== false;
    this.#acceptor = new TlsAcceptor(this, options);
    this.on('connection', this.#acceptor.accept);
    const onSecure = typeof given === 'function' ? given : listener;
    if (onSecure !== undefined) this.on('secureConnection', onSecure);
  }

  /** Uses another context for a name that a client asks for. */
  addContext(servername: string, context: SecureContext | SecureContextOptions): void {
    this.#acceptor.addContext(servername, context);
  }

  /** Uses another context for connections that come from now on. */
  setSecureContext(options: SecureContextOptions): void {
    this.#acceptor.setSecureContext(options);
  }

  /** The 48 bytes of the key that seals tickets. */
  getTicketKeys(): Buffer {
    return this.#acceptor.getTicketKeys();
  }

  setTicketKeys(keys: Uint8Array): void {
    this.#acceptor.setTicketKeys(keys);
  }
}

function readOptions(given: TlsOptions | SecureListener | null | undefined): TlsOptions {
  if (given === undefined || given === null || typeof given === 'function') return {};
  if (typeof given === 'object') return given;
  throw codedError('ERR_INVALID_ARG_TYPE', 'The "options" argument must be of type object.', TypeError);
}

/** It can be called without `new`, as Node's can. */
export const Server = new Proxy(TlsServer, {
  apply: (Class, _this, given: ConstructorParameters<typeof TlsServer>) => new Class(...given),
}) as typeof TlsServer & ((...given: ConstructorParameters<typeof TlsServer>) => TlsServer);
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
