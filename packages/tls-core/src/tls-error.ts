import { alertName, type AlertDescription } from './alert.ts';
import {
  alertOf,
  familyOf,
  nodeCodesOf,
  type AlertSection,
  type TlsErrorCode,
  type TlsErrorFamily,
} from './error-code.ts';

/** The same symbol in every copy of this package, so that two installed copies recognise each other's errors. */
const brand = Symbol.for('@org/tls-core/TlsError');

/** One certification path that was tried, and why it was not acceptable. */
export interface RejectedPath {
  /** DER certificates, leaf first; views, not copies. */
  readonly path: readonly Uint8Array[];
  readonly code: TlsErrorCode;
  /** One line that states what was got and what was expected. */
  readonly reason: string;
}

/** What a certificate error knows beyond its code. */
export interface CertificateFailure {
  /** The chain as the peer sent it, DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly rejectedPaths: readonly RejectedPath[];
  /** What a person can do about it. */
  readonly hint?: string;
  /** Node's code for the same fault, where it is not the first that the table of codes has (`SELF_SIGNED_CERT_IN_CHAIN`, …). */
  readonly nodeCode?: string;
}

export interface TlsErrorDetails {
  /** The alert the peer sent; only with `ERR_TLS_ALERT`. A sent alert comes from the table of codes. */
  readonly receivedAlert?: AlertDescription | (number & {});
  /** The RFC's section that the peer broke, where it wants another alert than the code has: the table says which. */
  readonly section?: AlertSection;
  /** The alert that the platform's TLS has sent by itself. It is reported, not chosen. */
  readonly platformAlert?: AlertDescription | (number & {});
  readonly cause?: unknown;
  readonly certificate?: CertificateFailure;
  /** The option at fault, for `ERR_TLS_UNSUPPORTED` and `ERR_TLS_CONFIG`. */
  readonly option?: string;
  /**
   * ECHConfigList to try again with once, on a new connection, for `ERR_TLS_ECH_REJECTED`; absent: the server has turned ECH off (RFC 9849
   * §6.1.6). `connect` does that by itself.
   */
  readonly retryConfigs?: Uint8Array;
  /** The platform library's own words, e.g. OpenSSL's reason string. */
  readonly platformReason?: string;
  /** The platform library's own number, e.g. OpenSSL's packed error code. */
  readonly platformCode?: number;
}

/**
 * The one error of every backend and adapter. Recognise it with `isTlsError`, not with `instanceof`.
 *
 * What a peer causes has no frames in its `stack`: it is thrown on bytes that came, and to note where our code stood would cost ten times
 * what the rest of the error does, at the peer's choice. These are the families `decode`, `peer-misbehaved`, `peer-incompatible`,
 * `peer-alert` and `certificate`, and `ERR_TLS_TRUNCATED`. All others, a wrong use above all, have their frames, and so has what a hook
 * throws and is the `cause` of another error. `Error.captureStackTrace(error)` adds those of whoever calls it.
 */
export class TlsError extends Error {
  override readonly name: 'TlsError';
  readonly code: TlsErrorCode;
  readonly family: TlsErrorFamily;
  /** The alert that was or would be sent, or that was received (see `direction`). */
  readonly alert: number | undefined;
  /** `received`: the peer sent `alert`; `sent`: we did, or would have; `undefined`: no alert belongs to it. */
  readonly direction: 'sent' | 'received' | undefined;
  readonly certificate: CertificateFailure | undefined;
  readonly option: string | undefined;
  readonly retryConfigs: Uint8Array | undefined;
  readonly platformReason: string | undefined;
  readonly platformCode: number | undefined;

  constructor(code: TlsErrorCode, message: string, details: TlsErrorDetails = {}) {
    const options = details.cause === undefined ? undefined : { cause: details.cause };
    const limit = isOfPeer(code) ? forgoFrames() : undefined;
    try {
      super(message, options);
    } finally {
      if (limit !== undefined) stackTraces.stackTraceLimit = limit;
    }
    this.name = 'TlsError';
    this.code = code;
    this.family = familyOf(code);
    const sent = details.platformAlert ?? alertOf(code, details.section);
    this.alert = details.receivedAlert ?? sent;
    this.direction = details.receivedAlert === undefined ? (sent === undefined ? undefined : 'sent') : 'received';
    this.certificate = details.certificate;
    this.option = details.option;
    this.retryConfigs = details.retryConfigs;
    this.platformReason = details.platformReason;
    this.platformCode = details.platformCode;
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * Node's well-known code, so that existing catch blocks can go on working: for a certificate fault (`CERT_HAS_EXPIRED`), and for a failure
   * of the connection below (`ECONNREFUSED`), whose own error is the `cause`.
   */
  get nodeCode(): string | undefined {
    if (this.certificate !== undefined) return this.certificate.nodeCode ?? nodeCodesOf(this.code)[0];
    return this.code === 'ERR_TLS_TRANSPORT' ? codeOf(this.cause) : undefined;
  }

  /** The RFC's name of `alert`, e.g. `unknown_ca`. */
  get alertName(): string | undefined {
    return this.alert === undefined ? undefined : alertName(this.alert);
  }
}

/** True for a `TlsError` of this or any other installed copy of the package. */
export function isTlsError(value: unknown): value is TlsError {
  return typeof value === 'object' && value !== null && (value as { readonly [brand]?: unknown })[brand] === true;
}

const ofPeer: ReadonlySet<TlsErrorFamily> = new Set([
  'decode',
  'peer-misbehaved',
  'peer-incompatible',
  'peer-alert',
  'certificate',
] as const);

function isOfPeer(code: TlsErrorCode): boolean {
  return ofPeer.has(familyOf(code)) || code === 'ERR_TLS_TRUNCATED';
}

const stackTraces: { stackTraceLimit?: unknown } = Error;

/**
 * Makes engines that have `Error.stackTraceLimit` (V8, JavaScriptCore) note no frames. The caller sets it back before any other code can run.
 * @returns the limit to set back; `undefined` where it was not changed, because it is not a property that may be written
 */
function forgoFrames(): number | undefined {
  const limit = Object.getOwnPropertyDescriptor(stackTraces, 'stackTraceLimit');
  const value: unknown = limit?.value;
  if (typeof value !== 'number' || limit?.writable !== true) return undefined;
  stackTraces.stackTraceLimit = 0;
  return value;
}

function codeOf(cause: unknown): string | undefined {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
