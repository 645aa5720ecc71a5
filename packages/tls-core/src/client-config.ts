import type { BackendCapabilities } from './capabilities.ts';
import { checkConfig, type OptionRules } from './config-rules.ts';
import * as rule from './config-rules.ts';
import type { SessionStore, VerifyPeer } from './hooks.ts';
import type { Identity } from './identity.ts';
import type { ProtocolVersion } from './protocol-version.ts';
import type { TrustSource } from './trust.ts';

/** Options of both roles. */
export interface CommonConfig {
  /** Lowest version to speak; default: the backend's lowest, not below TLS 1.2. */
  readonly minVersion?: ProtocolVersion;
  readonly maxVersion?: ProtocolVersion;
  /** IANA names, in order of preference; default: the backend's. */
  readonly cipherSuites?: readonly string[];
  /** IANA names of key exchange groups, in order of preference. */
  readonly groups?: readonly string[];
  /** IANA names of signature schemes to accept, in order of preference. */
  readonly signatureSchemes?: readonly string[];
  /** Protocols for ALPN (RFC 7301), in order of preference; 1 to 255 bytes each. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[];
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly clock?: () => number;
  /** Fills the buffer with random bytes; default: the platform's. Only for tests that must be exact to the byte. */
  readonly random?: (into: Uint8Array) => void;
  /** Emit secrets in NSS key log format. Whoever reads them reads the connection. */
  readonly keyLog?: boolean;
  /** A further judge of the peer, after the backend's verifier. */
  readonly verifyPeer?: VerifyPeer;
}

/** What a client needs to know, whoever it talks to. */
export interface ClientConfig extends CommonConfig {
  /** Default: `default`. */
  readonly trust?: TrustSource;
  /** What the client proves itself with when the server asks. */
  readonly identity?: Identity;
  readonly sessionStore?: SessionStore;
  /** Switches that weaken; each says so by standing here. */
  readonly dangerous?: ClientDangerous;
}

export interface ClientDangerous {
  /** Accept any chain for any name. The connection is then open to anyone in the middle. */
  readonly acceptAnyCertificate?: boolean;
}

const clientRules: OptionRules<ClientConfig> = {
  ...rule.commonRules,
  trust: rule.trust,
  identity: rule.identity,
  sessionStore: rule.methods('put', 'take'),
  dangerous: rule.flags('acceptAnyCertificate'),
};

/** All option names of `ClientConfig`. */
export const clientOptions = Object.keys(clientRules) as readonly (keyof ClientConfig)[];

/**
 * Checks a client's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkClientConfig(
  config: ClientConfig,
  backend: { readonly name: string; readonly capabilities: BackendCapabilities },
): void {
  checkConfig(config, clientRules, backend.name, backend.capabilities.client);
}
