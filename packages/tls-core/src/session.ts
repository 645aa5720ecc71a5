import { propertyOf, frozenCopy } from './own-options.ts';

/** A resumable session. Its content belongs to the backend that made it. */
export interface TlsSession {
  readonly backend: string;
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly serverName: string;
  /** When it was received and until when it can be used, in milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** Bytes of early data the server takes with it (RFC 8446 §4.2.10); 0: none. */
  readonly maxEarlyData: number;
  /** The protocol of the connection that it was made on, which early data is sent under (RFC 8446 §4.2.10); as in `ConnectionInfo`. */
  readonly alpnProtocol?: string | undefined;
  /** Opaque, secret bytes: who holds them can resume the session. */
  readonly state: Uint8Array;
}

/**
 * Bytes of a session's state that a client keeps at most: the server's ticket and certificates are in it, and a few hundred bytes on the
 * wire must not cost it hundreds of kilobytes. A chain of large (post-quantum) certificates fits; what is longer is not kept.
 */
export const maxSessionState = 2 ** 15;

/** Sessions that a client keeps of one connection at most, unless it asks for more: a server that sends more wastes its time. */
export const maxSessionsPerConnection = 16;

/**
 * Reads what is said to be a session into a copy of it; whether it is one of a backend's own is for that backend to see.
 * @returns `undefined` when a field is not there or of another type
 */
export function readSession(given: unknown): TlsSession | undefined {
  const [backend, protocol, serverName, receivedAt, expiresAt, maxEarlyData, alpnProtocol, state] = fields.map(
    (field) => propertyOf(given, field),
  );
  if (typeof backend !== 'string' || typeof serverName !== 'string' || !(state instanceof Uint8Array)) return undefined;
  if (protocol !== 'TLSv1.2' && protocol !== 'TLSv1.3') return undefined;
  if (!isUpTo(receivedAt, lastTime) || !isUpTo(expiresAt, lastTime) || !isUpTo(maxEarlyData, 0xffff_ffff))
    return undefined;
  if (alpnProtocol !== undefined && typeof alpnProtocol !== 'string') return undefined;
  const copy = new Uint8Array(state);
  return frozenCopy<TlsSession>({
    backend,
    protocol,
    serverName,
    receivedAt: Math.floor(receivedAt),
    expiresAt: Math.floor(expiresAt),
    maxEarlyData: Math.floor(maxEarlyData),
    alpnProtocol,
    state: copy,
  });
}

const fields = [
  'backend',
  'protocol',
  'serverName',
  'receivedAt',
  'expiresAt',
  'maxEarlyData',
  'alpnProtocol',
  'state',
] as const satisfies readonly (keyof TlsSession)[];

/** Milliseconds of the last time that a `Date` can hold. */
const lastTime = 8.64e15;

function isUpTo(value: unknown, maximum: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= maximum;
}
