import nodeTls from 'node:tls';

/** What holds where an option is not given. A program may write to it, as it may write to `tls.DEFAULT_MIN_VERSION`. */
export interface TlsDefaults {
  DEFAULT_CIPHERS: string;
  DEFAULT_ECDH_CURVE: string;
  DEFAULT_MIN_VERSION: string;
  DEFAULT_MAX_VERSION: string;
}

type DefaultName = keyof TlsDefaults;

/**
 * The one object of this kind. Until a program writes to it, it has what `node:tls` has at that moment: what Node's command line says, such as
 * `--tls-min-v1.3`, and what a program wrote there.
 */
export const tlsDefaults: TlsDefaults = Object.create(null, {
  DEFAULT_CIPHERS: settable('DEFAULT_CIPHERS'),
  DEFAULT_ECDH_CURVE: settable('DEFAULT_ECDH_CURVE'),
  DEFAULT_MIN_VERSION: settable('DEFAULT_MIN_VERSION'),
  DEFAULT_MAX_VERSION: settable('DEFAULT_MAX_VERSION'),
}) as TlsDefaults;

function settable(name: DefaultName): PropertyDescriptor {
  let written: string | undefined;
  return {
    enumerable: true,
    get: () => written ?? nodeTls[name],
    set: (value: string | undefined) => {
      written = value;
    },
  };
}

/** How often a client may renegotiate within the window. Nothing here renegotiates; programs read the figure. */
export const CLIENT_RENEG_LIMIT = 3;

/** The window in seconds. */
export const CLIENT_RENEG_WINDOW = 600;
