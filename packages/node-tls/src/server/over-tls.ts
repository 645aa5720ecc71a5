import type { Server } from 'node:net';
import { wrongType } from '../coded-error.ts';
import type { TlsOptions } from './server-options.ts';
import { contextOptionNames } from '../context/checked-options.ts';
import { takeConnections } from './tls-acceptor.ts';

type Listener = (...facts: readonly never[]) => void;
type ServerClass = (new (options: object, listener?: Listener) => Server) & { readonly prototype: Server };

/**
 * Makes a class of Node's servers (https.Server, http2's) one over our TLS. Such a server is Node's own, and its connections' handshakes are
 * ours: Node's listener of `connection` does them, and another takes its place.
 * @param Class Node's class, which is left as it is
 * @param protocols what it offers by ALPN where the options do not say
 * @param prepareServer is called with each server once Node has made it
 */
export function serverOverTls<Class extends ServerClass>(
  Class: Class,
  protocols: (options: TlsOptions) => readonly string[],
  prepareServer: (server: Server) => void = () => undefined,
): Class {
  const prepare = (
    given: readonly unknown[],
  ): { readonly options: TlsOptions; readonly forNode: readonly unknown[] } => {
    const [first, second] = given;
    const isListener = typeof first === 'function';
    if (!isListener && first !== undefined && first !== null && (typeof first !== 'object' || Array.isArray(first)))
      throw wrongType('"options" argument', 'of type object', first);
    const options: TlsOptions = isListener ? {} : (first ?? {});
    return { options, forNode: [withoutSecrets(options), isListener ? first : second] };
  };
  const offered = (options: TlsOptions): TlsOptions =>
    options.ALPNProtocols || options.ALPNCallback ? options : { ...options, ALPNProtocols: protocols(options) };
  return new Proxy(Class, {
    construct(target, given: readonly unknown[], newTarget) {
      const { options, forNode } = prepare(given);
      const server = Reflect.construct(target, forNode, newTarget) as Server;
      prepareServer(server);
      return overTls(server, offered(options));
    },
    apply(target, self: unknown, given: readonly unknown[]) {
      const { options, forNode } = prepare(given);
      // a class of the old kind calls its parent as a function
      const isNew = !(self instanceof target);
      const server: Server = isNew ? new target(...(forNode as [object])) : self;
      if (!isNew) Reflect.apply(target as unknown as (...given: readonly unknown[]) => void, self, forNode);
      prepareServer(server);
      return overTls(server, offered(options));
    },
  });
}

/** Has a server do its handshakes by our TLS, and answers its methods. */
function overTls(server: Server, options: TlsOptions): Server {
  const acceptor = takeConnections(server, options);
  const methods = {
    addContext: acceptor.addContext.bind(acceptor),
    setSecureContext: acceptor.setSecureContext.bind(acceptor),
    getTicketKeys: acceptor.getTicketKeys.bind(acceptor),
    setTicketKeys: acceptor.setTicketKeys.bind(acceptor),
  };
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(server, name, { value, writable: true, configurable: true });
  return server;
}

/** Node's own TLS, which is not used, has no need of keys, and could not read some of them. */
function withoutSecrets(options: TlsOptions): TlsOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofContext.has(name)));
}

const ofContext: ReadonlySet<string> = new Set(['backend', 'secureContext', ...contextOptionNames]);
