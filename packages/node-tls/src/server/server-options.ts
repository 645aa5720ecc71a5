import type { ServerOpts } from 'node:net';
import type { SecureContextOptions } from '../secure-context.ts';
import type { ServerPskCallback, TLSSocketOptions } from '../socket/socket-options.ts';

/** Options of `createServer`, by Node's names. */
export interface TlsOptions
  extends
    Omit<SecureContextOptions, 'ALPNCallback'>,
    Omit<ServerOpts, 'highWaterMark' | 'pauseOnConnect' | 'allowHalfOpen'>,
    Pick<
      TLSSocketOptions,
      | 'requestCert'
      | 'rejectUnauthorized'
      | 'ALPNProtocols'
      | 'ALPNCallback'
      | 'SNICallback'
      | 'enableTrace'
      | 'handshakeTimeout'
      | 'pauseOnConnect'
      | 'allowHalfOpen'
      | 'highWaterMark'
      | 'pskIdentityHint'
    > {
  /** How long a session can be resumed, in seconds. */
  readonly sessionTimeout?: number | undefined;
  /** 48 bytes: a name of 16 and a secret of 32. */
  readonly ticketKeys?: Buffer | undefined;
  readonly pskCallback?: ServerPskCallback | undefined;
}
