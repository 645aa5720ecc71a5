import { nodeTruth } from './node-truth.ts';

/** What holds where an option is not given. A program may write to it, as it may write to `tls.DEFAULT_MIN_VERSION`. */
export interface TlsDefaults {
  DEFAULT_CIPHERS: string;
  DEFAULT_ECDH_CURVE: string;
  DEFAULT_MIN_VERSION: string;
  DEFAULT_MAX_VERSION: string;
}

/** The one object of this kind. What options on Node's command line say, such as `--tls-min-v1.3`, is in it. */
export const tlsDefaults: TlsDefaults = {
  DEFAULT_CIPHERS: nodeTruth.defaultCiphers,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: nodeTruth.defaultMinVersion,
  DEFAULT_MAX_VERSION: nodeTruth.defaultMaxVersion,
};

/** How often a client may renegotiate within the window. Nothing here renegotiates; programs read the figure. */
export const CLIENT_RENEG_LIMIT = 3;

/** The window in seconds. */
export const CLIENT_RENEG_WINDOW = 600;
