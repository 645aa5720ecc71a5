import type { BackendDescription } from './capabilities.ts';
import type { ClientConfig } from './client-config.ts';
import type { TlsClientContext, TlsServerContext } from './engine.ts';
import type { ServerConfig } from './server-config.ts';

/** The version of this contract that a backend implements. Core refuses any other. */
export const interfaceVersion = 1;

/**
 * An implementation of TLS. A backend implements this and `engine.ts`, and core's adapters do the I/O. One that has a single role has empty
 * lists and no features for the other in its capabilities, and refuses its configurations (`ERR_TLS_UNSUPPORTED`).
 */
export interface TlsBackend extends BackendDescription {
  readonly interfaceVersion: typeof interfaceVersion;
  /**
   * Checks a configuration once, to be shared by many connections.
   * @throws TypeError on an unknown option or a value of the wrong type
   * @throws TlsError `ERR_TLS_UNSUPPORTED` on an option this backend cannot honour, `ERR_TLS_CONFIG` on a bad value,
   *   `ERR_TLS_IDENTITY` on a key or certificate that cannot be used
   */
  createClientContext(config: ClientConfig): TlsClientContext;
  /** Does the same for the server's side. */
  createServerContext(config: ServerConfig): TlsServerContext;
}
