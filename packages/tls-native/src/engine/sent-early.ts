import { TlsError, type ConnectionInfo } from '@org/tls-core';

/** A client's early data (RFC 8446 §4.2.10): how much may still go out so, and what has, until the server has taken it. */
export class SentEarly {
  #allowance = 0;
  #sent: Uint8Array[] = [];

  get isAllowed(): boolean {
    return this.#allowance > 0;
  }

  get isEmpty(): boolean {
    return this.#sent.length === 0;
  }

  /** @param maxLength bytes; 0: none may be sent */
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

  /** All that was sent so; it is kept no longer. */
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
