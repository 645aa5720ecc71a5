import type { TlsErrorCode } from '@org/tls-core';

/** What docs/errors.md says about a code beyond the table of codes, in one sentence each. */
interface Explanation {
  /** What happened. */
  readonly cause: string;
  /** What a person can do about it. */
  readonly remedy: string;
}

/** The explanations; a code without one does not compile. The texts stand here because no program needs them at run time. */
export const explanations: Readonly<Record<TlsErrorCode, Explanation>> = {
  ERR_TLS_DECODE: {
    cause: 'A message of the peer does not follow the syntax: a length is wrong, or bytes are left over.',
    remedy: 'Report it to whoever makes the peer, or look for a box in between that changes what is sent.',
  },
  ERR_TLS_RECORD_OVERFLOW: {
    cause: 'A record of the peer is longer than the protocol, or the agreed record_size_limit, allows.',
    remedy: 'Report it to whoever makes the peer.',
  },
  ERR_TLS_NOT_TLS: {
    cause: 'The first bytes of the peer are not TLS; the message shows them.',
    remedy: 'Check the port and the scheme: the peer may speak plain HTTP, or may want STARTTLS first.',
  },
  ERR_TLS_UNEXPECTED_MESSAGE: {
    cause: 'The peer sent a message or a record that may not come at this point.',
    remedy: 'Report it to whoever makes the peer.',
  },
  ERR_TLS_ILLEGAL_PARAMETER: {
    cause: 'A value in a message of the peer was not offered, is out of range, or contradicts an earlier one.',
    remedy: 'Report it to whoever makes the peer.',
  },
  ERR_TLS_MISSING_EXTENSION: {
    cause: 'The peer left out an extension that is mandatory for what it negotiates.',
    remedy: 'Report it to whoever makes the peer.',
  },
  ERR_TLS_UNSUPPORTED_EXTENSION: {
    cause: 'The peer answered an extension that was not sent.',
    remedy: 'Report it to whoever makes the peer.',
  },
  ERR_TLS_BAD_RECORD_MAC: {
    cause: 'A record cannot be decrypted: it was changed on its way, or the two sides have different keys.',
    remedy: 'Try again; if it happens every time, look for a box in between that changes data.',
  },
  ERR_TLS_DECRYPT: {
    cause: 'A signature, a Finished message or the binder of a pre-shared key is wrong.',
    remedy:
      'Check that the peer’s private key belongs to its certificate, and that both sides have the same pre-shared key.',
  },
  ERR_TLS_DOWNGRADE: {
    cause: 'The server could speak a newer version than it chose: someone changed the handshake on its way.',
    remedy: 'Try another network; if it stays, an intercepting proxy or an attacker is in between.',
  },
  ERR_TLS_LIMIT: {
    cause:
      'The peer sent more than is accepted (a message too long, too many empty records or KeyUpdates), or a key has been used up.',
    remedy: 'Open a new connection; raise `maxHeldInput` where a slow hook of yours is what the data waits for.',
  },
  ERR_TLS_PROTOCOL_VERSION: {
    cause: 'The two sides have no version of TLS in common.',
    remedy:
      'Compare `minVersion` and `maxVersion` with what the peer speaks; versions before TLS 1.2 are not supported.',
  },
  ERR_TLS_NO_COMMON_PARAMETERS: {
    cause:
      'The two sides have no cipher suite, group or signature scheme in common, or the peer lacks a protection that is required here (`requireSecureRenegotiation`).',
    remedy:
      'Compare `cipherSuites`, `groups`, `signatureSchemes` and the key of the certificate with what the peer offers.',
  },
  ERR_TLS_NO_APPLICATION_PROTOCOL: {
    cause:
      'The client offers no application protocol (ALPN) that the server speaks, or a server rejected early data and chose another protocol than that of the session.',
    remedy: 'Compare `alpnProtocols` of both sides. After rejected early data, connect anew without the session.',
  },
  ERR_TLS_UNRECOGNIZED_NAME: {
    cause: 'The server has no identity or context for the name that the client asks for.',
    remedy: 'Check the name, or give `selectIdentity` or `selectContext` an answer for it.',
  },
  ERR_TLS_UNKNOWN_PSK: {
    cause: 'The server requires a pre-shared key, and knows none of those that the client offers.',
    remedy: 'Give both sides the same identity and key.',
  },
  ERR_TLS_ECH_REJECTED: {
    cause: 'The server could not open the Encrypted Client Hello, or does not do it.',
    remedy:
      'Connect again with `retryConfigs` of the error, which `connect` does by itself once; fetch the configuration anew from DNS.',
  },
  ERR_TLS_NO_RENEGOTIATION: {
    cause: 'The peer wants to renegotiate in TLS 1.2, which is not done.',
    remedy: 'Have the server ask for a client’s certificate in the first handshake, or speak TLS 1.3.',
  },
  ERR_TLS_INAPPROPRIATE_FALLBACK: {
    cause: 'The client says that it fell back to an older version, and the server speaks a newer one.',
    remedy:
      'Let the client connect again with all its versions: the failure that made it fall back was not the version’s.',
  },
  ERR_TLS_ALERT: {
    cause: 'The peer ended the connection with a fatal alert; `alertName` says which.',
    remedy:
      'Look the alert up in the tables of this page; the peer’s log tells more, for it is the peer that saw the fault.',
  },
  ERR_TLS_CERTIFICATE_BAD: {
    cause:
      'The certificate, or one of its chain, is malformed, or breaks a rule about who may vouch for what, or one about form that `certificateProfile` demands; the message names the rule.',
    remedy: 'Have the certificate issued anew; `certificate.rejectedPaths` says what was wrong with each path.',
  },
  ERR_TLS_CERTIFICATE_UNSUPPORTED: {
    cause: 'The certificate has an algorithm, a key, a type or a critical extension that is not accepted.',
    remedy: 'Have it issued with ECDSA, Ed25519 or RSA of 2048 bits or more, signed with SHA-256 or better.',
  },
  ERR_TLS_CERTIFICATE_EXPIRED: {
    cause: 'The certificate, or one of its chain, is no longer valid.',
    remedy: 'Renew the certificate; if it looks valid, check this machine’s clock.',
  },
  ERR_TLS_CERTIFICATE_NOT_YET_VALID: {
    cause: 'The certificate, or one of its chain, is not valid yet.',
    remedy: 'Check this machine’s clock.',
  },
  ERR_TLS_CERTIFICATE_REVOKED: {
    cause: 'The issuer has revoked the certificate.',
    remedy: 'Have a new certificate issued for the peer.',
  },
  ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER: {
    cause: 'No path leads from the certificate to a root in `trust`.',
    remedy: 'Have the peer send its whole chain, or put the root of a private CA into `trust`.',
  },
  ERR_TLS_CERTIFICATE_SIGNATURE: {
    cause: 'The signature of a certificate in the chain is wrong.',
    remedy: 'Check that the issuer in the chain is the one that signed, and not another of the same name.',
  },
  ERR_TLS_CERTIFICATE_NAME: {
    cause: 'The certificate is for other names or addresses than the one that was asked for.',
    remedy: 'Connect by a name that the certificate lists, or pass `serverName`; the common name is not looked at.',
  },
  ERR_TLS_CERTIFICATE_PURPOSE: {
    cause: 'The key usage or extended key usage of the certificate does not allow this use.',
    remedy: 'Have it issued with serverAuth (for servers) or clientAuth (for clients), and with digitalSignature.',
  },
  ERR_TLS_CERTIFICATE_REQUIRED: {
    cause: 'The server requires a certificate of the client, and the client sent none.',
    remedy: 'Give the client an `identity`, or let `clientAuthentication` of the server be `request`.',
  },
  ERR_TLS_CERTIFICATE_STATUS: {
    cause:
      'It is required to know that the certificate is not revoked, and no valid OCSP response or revocation list says so.',
    remedy: 'Have the server staple an OCSP response, or give `revocation` a current list of each issuer.',
  },
  ERR_TLS_CERTIFICATE_REJECTED: {
    cause: 'The chain was verified, and then refused by `verifyPeer`, by `pins` or for its certificate timestamps.',
    remedy: 'Look at `cause`, or compare `pins` with the certificates that the peer has now.',
  },
  ERR_TLS_TRUNCATED: {
    cause: 'The connection ended without close_notify: what came may not be all.',
    remedy: 'Do not use what came as if it were whole; try again.',
  },
  ERR_TLS_TIMEOUT: {
    cause: 'The connection or the handshake was not done within `connectTimeout` or `handshakeTimeout`.',
    remedy: 'Check that the peer is up and that the network lets it through, or raise the timeout.',
  },
  ERR_TLS_TRANSPORT: {
    cause: 'The connection below TLS could not be made, or failed.',
    remedy: 'Look at `cause`, which is Node’s own error with its code.',
  },
  ERR_TLS_PROXY: {
    cause:
      'A proxy on the way refuses to open a tunnel, wants other credentials (`status` 407), or does not answer as a proxy does.',
    remedy:
      'Check the proxy’s URL and credentials, and what the proxy allows; `proxy` and `status` of the error say which one answered what.',
  },
  ERR_TLS_ABORTED: {
    cause: 'The application gave up: by its `signal`, or by closing before the handshake was done.',
    remedy: 'Nothing, if it was meant so.',
  },
  ERR_TLS_API_MISUSE: {
    cause: 'A method was called in a state in which it may not be.',
    remedy: 'Read the method’s documentation; the message says what was expected.',
  },
  ERR_TLS_CONFIG: {
    cause: 'An option has a value that is not allowed; `option` says which.',
    remedy: 'Correct the option; nothing has been sent.',
  },
  ERR_TLS_UNSUPPORTED: {
    cause: 'The backend, the platform or the runtime cannot do what an option asks for; `option` says which.',
    remedy: 'Leave the option out, or take another backend: `capabilities` says what each can do.',
  },
  ERR_TLS_IDENTITY: {
    cause: 'A certificate or a private key of one’s own cannot be read, or the two do not belong together.',
    remedy:
      'Check the files, their passphrase, and that the key is the certificate’s. Forms other than PEM and DER need @org/tls-identity installed.',
  },
  ERR_TLS_BACKEND_UNAVAILABLE: {
    cause: 'The backend that was asked for, or any, cannot be loaded here; the message lists what was tried.',
    remedy: 'Install what the message names, or choose the backend `pure`, which needs nothing but Node.',
  },
  ERR_TLS_BACKEND: {
    cause: 'The platform’s library, or this one, failed for a reason that is nobody else’s.',
    remedy: 'Report it with `platformReason`, `platformCode` and `cause`.',
  },
  ERR_TLS_HOOK: {
    cause: 'A hook of the application failed, or answered something that it may not; the message names the hook.',
    remedy: 'Look at `cause`, and at [what each hook owes](features/asynchronous-hooks.md).',
  },
};
