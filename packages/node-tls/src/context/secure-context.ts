import {
  TlsError,
  type BackendDescription,
  type ClientConfig,
  type CommonConfig,
  type Identity,
  type ProtocolVersion,
  type RoleCapabilities,
  type ServerConfig,
  type TlsBackend,
} from '@org/tls-core';
import { checkedBackend } from './backend-option.ts';
import { checkedOptions, type CheckedOptions, type SecureContextOptions } from './checked-options.ts';
import { chooseCiphers, type ChosenCiphers } from './cipher-strings.ts';
import { identityOf, readOwnCertificates, schemesOfKey, type OwnCertificate } from './context-identities.ts';
import { ContextTicketKeys } from './context-ticket-keys.ts';
import { ContextTrust } from './context-trust.ts';
import { chooseGroups, chooseSignatureSchemes } from './key-exchange-names.ts';
import { openSslError } from './openssl-error.ts';
import { chooseVersions } from './protocol-versions.ts';
import { hasOption, SSL_OP_LEGACY_SERVER_CONNECT, SSL_OP_NO_TICKET } from './secure-options.ts';

/** Seconds for which Node lets sessions be resumed. */
const defaultSessionTimeout = 300;
const longestSessionTimeout = 604_800;

/** What connections share: who we are, whom we trust, and what we speak. */
export class SecureContext {
  /** Node's own context of the same options, which libraries reach for; what is added to its authorities is trusted here too. */
  readonly context: object;
  /** The backend that was asked for; `undefined`: the default. */
  readonly backend: TlsBackend | undefined;
  readonly #identities: readonly OwnCertificate[];
  readonly #trust: ContextTrust;
  readonly #ticketKeys: ContextTicketKeys;
  readonly #ciphers: ChosenCiphers;
  readonly #versions: readonly ProtocolVersion[];
  readonly #groups: readonly string[] | undefined;
  readonly #signatureSchemes: readonly string[] | undefined;
  readonly #options: CheckedOptions;
  #made: { readonly version: number; readonly identities: readonly Identity[] } | undefined;

  /** @throws as `createSecureContext` does */
  constructor(given: SecureContextOptions = {}) {
    const { options, native } = checkedOptions(given);
    const { identities, authorities } = readOwnCertificates(options);
    this.#options = options;
    this.#identities = identities;
    this.#trust = new ContextTrust(options, authorities);
    this.#ticketKeys = new ContextTicketKeys(options.ticketKeys ?? undefined);
    this.#ciphers = chooseCiphers(options.ciphers);
    this.#versions = chooseVersions(options);
    this.#groups = chooseGroups(options.ecdhCurve);
    this.#signatureSchemes = typeof options.sigalgs === 'string' ? chooseSignatureSchemes(options.sigalgs) : undefined;
    this.backend = checkedBackend(options.backend);
    this.context = withHooks(native, this.#trust, this.#ticketKeys);
  }

  /** What a client says to a backend of it. There is no trust in it, since `verifierOf` judges the peer. */
  clientConfig(backend: BackendDescription): ClientConfig {
    const role = backend.capabilities.client;
    const identity = this.#ownIdentities(role);
    return {
      ...this.#common(role),
      ...(identity.length > 0 && { identity }),
      ...(hasOption(this.#options.secureOptions, SSL_OP_LEGACY_SERVER_CONNECT) &&
        role.options.includes('requireSecureRenegotiation') && { requireSecureRenegotiation: false }),
    };
  }

  /**
   * What a server says to a backend of it. There is no trust in it either. A context without a certificate gives a server that has nothing to
   * prove itself with, as in Node.
   */
  serverConfig(backend: BackendDescription): ServerConfig {
    const role = backend.capabilities.server;
    const identity = this.#ownIdentities(role);
    const { sessionTimeout, secureOptions } = this.#options;
    const seconds = sessionTimeout ?? defaultSessionTimeout;
    const hasNoTickets = seconds === 0 || hasOption(secureOptions, SSL_OP_NO_TICKET);
    return {
      ...this.#common(role),
      ...(identity.length > 0 ? { identity } : { selectIdentity: nothingToProve }),
      ...(role.options.includes('ticketKeys') && { ticketKeys: this.#ticketKeys }),
      ...(role.options.includes('sessionLifetimeSeconds') && {
        sessionLifetimeSeconds: Math.min(Math.max(seconds, 1), longestSessionTimeout),
      }),
      // as of Node's servers, a ticket is good until it ends
      ...(role.options.includes('renewTickets') && { renewTickets: false }),
      ...(role.options.includes('tickets') && hasNoTickets && { tickets: 0 }),
    };
  }

  /** The certificates that peers are judged by. */
  get trust(): ContextTrust {
    return this.#trust;
  }

  /** The keys that seal the tickets of this context's servers. */
  get ticketKeys(): ContextTicketKeys {
    return this.#ticketKeys;
  }

  /** DER: our own certificates, one for each identity in the order of the configurations. */
  get ownCertificates(): readonly Uint8Array[] {
    return this.#identities.map(({ leaf }) => leaf.raw);
  }

  /** What we prove ourselves with; made anew only when authorities were added, since each connection asks for it. */
  #ownIdentities(role: RoleCapabilities): readonly Identity[] {
    const { version, ownAuthorities } = this.#trust;
    if (this.#made?.version !== version) {
      this.#made = {
        version,
        identities: this.#identities.map((own) => identityOf(own, ownAuthorities)),
      };
    }
    const { identities } = this.#made;
    const schemes = this.#signatureSchemes && supported(this.#signatureSchemes, role.signatureSchemes);
    if (schemes === undefined) return identities;
    return this.#identities.flatMap((own, index) => restricted(identities[index], schemesOfKey(own.leaf, schemes)));
  }

  #common(role: RoleCapabilities): CommonConfig {
    const { tls13, tls12 } = this.#ciphers;
    const suitesOf = { 'TLSv1.3': supported(tls13, role.cipherSuites), 'TLSv1.2': supported(tls12, role.cipherSuites) };
    const versions = this.#versions.filter((each) => role.protocols.includes(each) && suitesOf[each].length > 0);
    const [minVersion] = versions;
    const maxVersion = versions.at(-1);
    if (minVersion === undefined || maxVersion === undefined) {
      throw this.#versions.length === 0 ? noProtocols() : noCipherMatch();
    }
    const groups = this.#groups && supported(this.#groups, role.groups);
    if (groups?.length === 0) throw failedCurve();
    const signatureSchemes = this.#signatureSchemes && supported(this.#signatureSchemes, role.signatureSchemes);
    if (signatureSchemes?.length === 0)
      throw new TlsError('ERR_TLS_UNSUPPORTED', 'sigalgs: the backend has none of them', { option: 'sigalgs' });
    return {
      minVersion,
      maxVersion,
      cipherSuites: versions.toReversed().flatMap((each) => suitesOf[each]),
      ...(groups !== undefined && { groups }),
      ...(signatureSchemes !== undefined && { signatureSchemes }),
    };
  }
}

/**
 * Makes a context, as Node's function of this name. Node judges the options first, so that what it does not take is refused with its words.
 * @throws Error with Node's code on what cannot be read, `TypeError` with Node's code on a value of the wrong type; TlsError
 *   `ERR_TLS_UNSUPPORTED` on what Node takes and nobody here can honour
 */
export function createSecureContext(options: SecureContextOptions = {}): SecureContext {
  return new SecureContext(options);
}

function supported(chosen: readonly string[], byBackend: readonly string[]): readonly string[] {
  return chosen.filter((name) => byBackend.includes(name));
}

/** As with OpenSSL, `sigalgs` says too what we sign with ourselves; a key that none of them fits is not used. */
function restricted(identity: Identity | undefined, signatureSchemes: readonly string[]): readonly Identity[] {
  return identity === undefined || signatureSchemes.length === 0 ? [] : [{ ...identity, signatureSchemes }];
}

/** Ends a handshake as OpenSSL does it without a certificate: with handshake_failure, when everything else is found to fit. */
function nothingToProve(): never {
  throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'the context has no certificate, and so no signature scheme');
}

/** The error of a context whose suites are none that the backend has. */
function noCipherMatch(): Error {
  return openSslError({ number: 185, reason: 'no cipher match' });
}

function noProtocols(): Error {
  return openSslError({ number: 191, reason: 'no protocols available' });
}

function failedCurve(): Error {
  return Object.assign(new Error('Failed to set ECDH curve'), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
}

/** Lets what programs do to Node's context be done to ours too: libraries add authorities by it, although it is not documented. */
function withHooks(native: object, trust: ContextTrust, ticketKeys: ContextTicketKeys): object {
  const { addCACert } = native as { readonly addCACert?: (pem: unknown) => void };
  return Object.assign(native, {
    addCACert(this: object, pem: string | Buffer): void {
      addCACert?.call(this, pem);
      trust.add(pem);
    },
    getTicketKeys: () => ticketKeys.get(),
    setTicketKeys: (keys: Uint8Array) => ticketKeys.set(keys),
  });
}
