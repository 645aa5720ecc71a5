import type { Extension, ExtensionCarrier } from './extension.ts';

/**
 * All that TLS does with one extension, on both sides and in both versions. `known-extensions.ts` lists them, and the code of a whole
 * message goes through that list: nothing but the list names every extension.
 *
 * A part that is left out means that there is nothing to do. Each part declares what it goes by, of the settings and of what was chosen for
 * the connection (`never` stands for that here); the compiler checks that whoever goes through the list has all of it.
 */
export interface ExtensionDefinition<Offered = unknown> {
  /** Of `ExtensionType`. */
  readonly type: number;
  /** As the RFCs spell it. */
  readonly name: string;
  /** The messages of TLS 1.2 that it may stand in. */
  readonly tls12: readonly Tls12Carrier[];
  /** The messages of TLS 1.3 that it may stand in (RFC 8446 §4.2). */
  readonly tls13: readonly ExtensionCarrier[];
  /** The second ClientHello may hold it with another body, or not at all, or new (RFC 8446 §4.1.2). */
  readonly mayChange?: true;
  /** The cipher suite that stands for it in a ClientHello; only `renegotiation_info` has one. */
  readonly signallingSuite?: number;

  /** What a client puts into its ClientHello. */
  offer?(by: never): Extension | undefined;

  /** What a server puts into its CertificateRequest of TLS 1.3. */
  request?(by: never): Extension | undefined;

  /**
   * Reads it from a ClientHello or a CertificateRequest. A server does so once for each extension of the version that was chosen, whether
   * it uses it or not. A long list stays one object: a client that has proven nothing makes no object per element.
   * @throws TlsError `ERR_TLS_DECODE` on bad syntax, `ERR_TLS_ILLEGAL_PARAMETER` on values that may not be
   */
  readOffer?(body: Uint8Array): Offered;

  /** What an offer changes at once for the server's connection. */
  applyOffer?(offered: Offered, by: never): void;

  /** What a server answers to an offer, in EncryptedExtensions of TLS 1.3 or the ServerHello of TLS 1.2. */
  answer?(offered: Offered, by: never): Extension | undefined;

  /**
   * Reads the answer and checks it against the offer.
   * @throws TlsError `ERR_TLS_DECODE` on bad syntax, `ERR_TLS_ILLEGAL_PARAMETER` on an answer that does not fit the offer
   */
  readAnswer?(body: Uint8Array, by: never): unknown;

  /** What it means to a client that the server does not answer. */
  readAbsence?(by: never): unknown;

  /** What an answer changes at once for the client's connection. */
  applyAnswer?(answer: never, by: never): void;
}

/** The messages of TLS 1.2 that carry extensions (RFC 5246 §7.4.1.4). */
export type Tls12Carrier = 'ClientHello' | 'ServerHello';
