import { TlsError, type ConnectionInfo } from '@org/tls-core';

/** A client's early data (RFC 8446 §4.2.10): how much may still go out, and what has gone out and may have to be sent again. */
export class SentEarly {
  #allowance = 0;
  #sent: Uint8Array[] = [];

  get isAllowed(): boolean {
    return this.#allowance > 0;
  }

  get isEmpty(): boolean {
    return this.#sent.length === 0;
  }

  /** @param maxLength how many bytes may be sent; 0 for none */
  allow(maxLength: number): void {
    this.#allowance = maxLength;
  }

  /** The server has answered: what is sent from here on waits for the handshake. */
  end(): void {
    this.#allowance = 0;
  }

  /** @returns how much of it may go out now; it is kept */
  take(plaintext: Uint8Array): number {
    const length = Math.min(this.#allowance, plaintext.length);
    this.#allowance -= length;
    if (length > 0) this.#sent.push(new Uint8Array(plaintext.subarray(0, length)));
    return length;
  }

  /** Gives all that was sent early, and keeps it no longer. */
  takeAll(): readonly Uint8Array[] {
    const all = this.#sent;
    this.#sent = [];
    return all;
  }
}

/** Tells what a server did that it must not do where it was sent early data, and that a library lets pass. */
export function earlyDataFault({ protocol, helloRetryRequest, earlyData }: ConnectionInfo): TlsError | undefined {
  // RFC 8446 §D.3
  if (protocol === 'TLSv1.2')
    return new TlsError('ERR_TLS_PROTOCOL_VERSION', 'the server chose TLS 1.2 although early data was sent');
  // RFC 8446 §4.2.10: a HelloRetryRequest has rejected it
  if (helloRetryRequest && earlyData === 'accepted')
    return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'the server accepted early data behind a HelloRetryRequest');
  return undefined;
}
