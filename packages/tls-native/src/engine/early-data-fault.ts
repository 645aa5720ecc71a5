import { TlsError, type ConnectionInfo } from '@org/tls-core';

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
