import type { PeerCertificate, SecureContextOptions as NodeSecureContextOptions } from 'node:tls';
import type { BackendDescription, ClientConfig, MaybePromise, ServerConfig, TlsBackend } from '@org/tls-core';
import { anchorsFrom, isTlsError, verifyChain } from '@org/x509';

/** All that Node takes for a context, and the backend that connections of this context use. */
export interface SecureContextOptions extends NodeSecureContextOptions {
  /** Default: what `setDefaultBackend` was given, else what the environment or the configuration file says. */
  readonly backend?: TlsBackend | undefined;
}

/** What connections share: who we are, whom we trust, and what we speak. */
export interface SecureContext {
  /** Libraries look whether it is there. It has nothing that they could use. */
  readonly context: object;
  /** The backend that was asked for; `undefined`: the default. */
  readonly backend: TlsBackend | undefined;
  /** What a client says to a backend of it. There is no trust in it, since `verifierOf` judges the peer. */
  clientConfig(backend: BackendDescription): ClientConfig;
  /** What a server says to a backend of it. There is no trust in it either. */
  serverConfig(backend: BackendDescription): ServerConfig;
}

/** What Node's verifier would say of a peer. */
export interface Verdict {
  /** The reason why the peer is not to be trusted, with Node's code and text. */
  readonly error: Error | undefined;
  /** DER, leaf first: the path that was proven, else as much of one as could be built. */
  readonly path: readonly Uint8Array[];
}

/**
 * Judges a chain (DER, leaf first) as a context does, without the name that it is for. An empty chain is no fault here: whether a peer must
 * have a certificate is for the caller to say.
 */
export type ChainVerifier = (chain: readonly Uint8Array[]) => MaybePromise<Verdict>;

/**
 * Makes a context.
 * @throws Error with Node's code on what cannot be read, `TypeError` with Node's code on a value of the wrong type
 */
export function createSecureContext(options: SecureContextOptions = {}): SecureContext {
  const { cert, key, backend } = options;
  const identity =
    cert === undefined ? undefined : { certificateChain: String(cert), privateKey: String(key as Buffer) };
  const context: SecureContext = {
    context: {},
    backend,
    clientConfig: () => (identity === undefined ? {} : { identity }),
    serverConfig: () => (identity === undefined ? {} : { identity }),
  };
  authorities.set(context, options.ca);
  return context;
}

/** The certificates that each context trusts. */
const authorities = new WeakMap<SecureContext, SecureContextOptions['ca']>();

/**
 * Gives what judges the peers of a context.
 * @param role ours: a client judges servers
 */
export function verifierOf(context: SecureContext, role: 'client' | 'server'): ChainVerifier {
  const ca = authorities.get(context);
  const anchors = anchorsFrom(ca === undefined ? 'mozilla' : [ca].flat().map(String));
  return async (chain) => {
    try {
      const purpose = role === 'client' ? 'server' : 'client';
      const { path } = await verifyChain({ chain, anchors, purpose, serverName: undefined, time: Date.now() });
      return { error: undefined, path };
    } catch (error) {
      if (!isTlsError(error)) throw error;
      return { error: Object.assign(new Error(error.message), { code: error.nodeCode }), path: chain };
    }
  };
}

/** Says why a certificate is not for a host, as Node's function of this name. */
export function checkServerIdentity(_hostname: string, _cert: PeerCertificate): Error | undefined {
  return undefined;
}
