import type { TlsSession } from '@org/tls-core';
import { bareCopy, maxSessionState, withChecksum, withoutChecksum } from '@org/tls-core/backend';
import type { NativeSession } from '../border/addon.ts';

/** What belongs to a session and is not in the library's own encoding of it. */
export interface SessionFacts {
  /** The digest of the rules that it was made under. */
  readonly rules: Uint8Array;
  /** The digest of the external key that the session began with. It is `undefined` where it began with certificates. */
  readonly externalPsk: Uint8Array | undefined;
  /** When the server last proved itself otherwise than by a session, in milliseconds since the epoch. */
  readonly authenticatedAt: number;
  /** When the first of the certificates expires that it proved itself with then, in the same unit. */
  readonly certificatesEnd: number;
  readonly chain: readonly Uint8Array[];
  readonly path: readonly Uint8Array[];
  readonly signatureScheme: string | undefined;
  readonly clientSignatureScheme: string | undefined;
  readonly clientAuthentication: 'none' | 'requested' | 'provided';
  /** The IANA name. */
  readonly cipherSuite: string;
  readonly alpn: string | undefined;
  readonly maxEarlyData: number;
  /** The OCSP response that was stapled. */
  readonly ocspResponse: Uint8Array | undefined;
}

/** A session that can be resumed. */
export interface OpenedSession extends SessionFacts {
  /** The session in the library's own encoding. */
  readonly session: Uint8Array;
  readonly receivedAt: number;
}

/** A session lives for seven days at most (RFC 8446 §4.6.1), and so do sessions that follow each other, counted from the first. */
export const maxLifetimeSeconds = 604_800;

const version = 4;

/**
 * Makes of the library's session one that the owner of a connection can keep. Its state is encoded when it is read for the first time: most
 * sessions are never used.
 * @returns `undefined` where it would be over at once, or is too large to be kept
 */
export function sealSession(
  native: NativeSession,
  facts: SessionFacts,
  about: { readonly protocol: TlsSession['protocol']; readonly serverName: string; readonly now: number },
): TlsSession | undefined {
  const { protocol, serverName, now } = about;
  const longest = facts.authenticatedAt + 1000 * maxLifetimeSeconds;
  const expiresAt = Math.min(now + 1000 * native.lifetime, longest, facts.certificatesEnd);
  if (expiresAt <= now) return undefined;
  let state: Uint8Array | undefined;
  const encoded = (): Uint8Array => (state ??= withChecksum(Buffer.from(textOf(native, facts, now, expiresAt))));
  if (mostBytesOf(native, facts) > maxSessionState && encoded().length > maxSessionState) return undefined;
  return Object.freeze({
    backend: 'native',
    protocol,
    serverName,
    receivedAt: now,
    expiresAt,
    maxEarlyData: native.maxEarlyData,
    alpnProtocol: facts.alpn,
    get state() {
      return encoded();
    },
  });
}

function textOf({ state }: NativeSession, facts: SessionFacts, receivedAt: number, expiresAt: number): string {
  const { chain, path } = facts;
  return JSON.stringify({
    version,
    ...facts,
    session: encode(state),
    rules: encode(facts.rules),
    externalPsk: facts.externalPsk && encode(facts.externalPsk),
    receivedAt,
    expiresAt,
    chain: chain.map(encode),
    // most of them came in the chain, and are written once: a session is kept as often as there are tickets
    path: path.map((der) => {
      const place = chain.findIndex((each) => Buffer.compare(each, der) === 0);
      return place === -1 ? encode(der) : place;
    }),
    ocspResponse: facts.ocspResponse && encode(facts.ocspResponse),
  });
}

/** What is beside the long fields, in bytes: names, numbers, and two digests. */
const mostBesides = 2048;

/** A bound of the state's length that costs nothing to compute; base64 has four characters for three bytes. */
function mostBytesOf({ state }: NativeSession, { chain, path, ocspResponse }: SessionFacts): number {
  const parts = [state, ...chain, ...path, ...(ocspResponse === undefined ? [] : [ocspResponse])];
  return parts.reduce((sum, { length }) => sum + 4 * Math.ceil(length / 3) + 8, mostBesides);
}

/** What a session must fit in order to be resumed now. */
export interface WantedSession {
  readonly serverName: string;
  readonly now: number;
  readonly rules: Uint8Array;
  /** Tells whether the external key of this digest is still there. */
  hasPsk(digest: Uint8Array): boolean;
}

/**
 * Opens a session that is to be resumed.
 * @returns `undefined` where it is damaged, is over, or was made by another backend or version, for another server, under other rules, or
 *   with a key that is gone
 */
export function openSession(
  { backend, serverName, state }: TlsSession,
  wanted: WantedSession,
): OpenedSession | undefined {
  if (backend !== 'native' || serverName !== wanted.serverName) return undefined;
  const kept = parse(state);
  // whatever else it says is as `sealSession` wrote it, which the checksum tells
  if (kept?.version !== version) return undefined;
  const rules = decode(kept.rules);
  const externalPsk = kept.externalPsk === undefined ? undefined : decode(kept.externalPsk);
  const chain = Object.freeze(kept.chain.map(decode));
  const path = Object.freeze(kept.path.map((der) => (typeof der === 'number' ? chain[der] : decode(der)) ?? nothing));
  const isUsable =
    kept.receivedAt <= wanted.now &&
    wanted.now < kept.expiresAt &&
    Buffer.compare(rules, wanted.rules) === 0 &&
    (externalPsk === undefined || wanted.hasPsk(externalPsk));
  if (!isUsable) return undefined;
  return {
    ...kept,
    rules,
    externalPsk,
    chain,
    path,
    ocspResponse: kept.ocspResponse === undefined ? undefined : decode(kept.ocspResponse),
    session: decode(kept.session),
  };
}

interface Kept extends Omit<SessionFacts, 'rules' | 'externalPsk' | 'chain' | 'path' | 'ocspResponse'> {
  readonly version: number;
  readonly rules: string;
  readonly externalPsk?: string;
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly chain: readonly string[];
  /** Each is a certificate, or as a number its place in the chain. */
  readonly path: readonly (string | number)[];
  readonly session: string;
  readonly ocspResponse?: string;
}

function parse(state: Uint8Array): Kept | undefined {
  const text = withoutChecksum(state);
  if (text === undefined) return undefined;
  try {
    const kept: unknown = JSON.parse(Buffer.from(text).toString());
    return typeof kept === 'object' && kept !== null ? (bareCopy(kept) as Kept) : undefined;
  } catch {
    return undefined; // somebody else's, who writes checksums too
  }
}

const nothing = new Uint8Array();

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
