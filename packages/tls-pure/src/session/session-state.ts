import { isTlsError, type CertificateType, type ConnectionInfo, type PeerInfo } from '@org/tls-core';
import {
  withChecksum,
  withoutChecksum,
  asciiBytes,
  equalBytes,
  decodeAll,
  decodeError,
  type Reader,
  Writer,
  binaryString,
} from '@org/tls-core/backend';
import { maxCertificates } from '../wire/messages/certificate-13.ts';

/** What is kept of a connection so that another can resume it: by the server in a ticket or a store, by the client in a `TlsSession`. */
export interface SessionState {
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  /** IANA number. */
  readonly cipherSuite: number;
  /** The ticket's PSK (RFC 8446 §4.6.1), or the main secret of TLS 1.2. */
  readonly secret: Uint8Array;
  /** When the ticket was made or received, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** When the peers last proved who they are other than by a session, in the same unit: resuming makes no session younger. */
  readonly authenticatedAt: number;
  readonly lifetimeSeconds: number;
  /** 32 bits. */
  readonly ticketAgeAdd: number;
  /** Bytes. */
  readonly maxEarlyData: number;
  readonly extendedMainSecret: boolean;
  /** SHA-256 over the rules that it was made under: it is only resumed under the same. */
  readonly binding: Uint8Array;
  /** The digest of the external key that stands behind it; `undefined`: certificates do. */
  readonly externalPsk: Uint8Array | undefined;
  /** A server's: whose memory of early data it belongs to; empty: one that servers share. */
  readonly replayScope: Uint8Array;
  readonly serverName: string | undefined;
  readonly alpnProtocol: Uint8Array | undefined;
  readonly group: string | undefined;
  readonly signatureScheme: string | undefined;
  readonly clientSignatureScheme: string | undefined;
  readonly clientAuthentication: ConnectionInfo['clientAuthentication'];
  readonly peer: PeerInfo | undefined;
  /** What the server proved itself with (RFC 7250). */
  readonly serverCertificateType: CertificateType;
  /** What the client sends back: the ticket, or TLS 1.2's session id. Empty in the server's copy. */
  readonly ticket: Uint8Array;
  readonly sessionId: Uint8Array;
}

/**
 * A client's certificate in TLS 1.2 is only proven for a main secret that covers the whole handshake: without it somebody in between can make
 * two sessions with the same secret, and pass for the client on a resumption (RFC 7627 §1, §5.3).
 */
export function isSafeToResume({
  protocol,
  extendedMainSecret,
  clientAuthentication,
}: Pick<SessionState, 'protocol' | 'extendedMainSecret' | 'clientAuthentication'>): boolean {
  return protocol === 'TLSv1.3' || extendedMainSecret || clientAuthentication !== 'provided';
}

/** The layout's own version: anything else is not read. */
const layout = 3;
const protocolOf: ReadonlyMap<number, SessionState['protocol']> = new Map([
  [2, 'TLSv1.2'],
  [3, 'TLSv1.3'],
]);
const authentications = ['none', 'requested', 'provided'] as const;
const certificateTypes = ['X509', 'RawPublicKey'] as const;

export function encodeSessionState(state: SessionState): Uint8Array {
  const writer = new Writer(512);
  writer.uint8(layout).uint8(state.protocol === 'TLSv1.2' ? 2 : 3);
  writer.uint16(state.cipherSuite);
  writer.vector8(() => writer.bytes(state.secret));
  writeUint48(writer, state.createdAt);
  writeUint48(writer, state.authenticatedAt);
  writer.uint32(state.lifetimeSeconds).uint32(state.ticketAgeAdd).uint32(state.maxEarlyData);
  writer.uint8(state.extendedMainSecret ? 1 : 0);
  writer.vector8(() => writer.bytes(state.binding));
  writeOptional(writer, state.externalPsk);
  writer.vector8(() => writer.bytes(state.replayScope));
  for (const text of [state.serverName, state.group, state.signatureScheme, state.clientSignatureScheme])
    writeOptional(writer, text === undefined ? undefined : asciiBytes(text));
  writeOptional(writer, state.alpnProtocol);
  writer.uint8(authentications.indexOf(state.clientAuthentication));
  writer.uint8(certificateTypes.indexOf(state.serverCertificateType));
  writer.vector16(() => writer.bytes(state.ticket)).vector8(() => writer.bytes(state.sessionId));
  writePeer(writer, state.peer);
  return withChecksum(writer.finish());
}

/**
 * Tells whether a session is surely encoded in so many bytes, without encoding it. It may say no of one that is; then the encoding tells.
 */
export function isSurelyWithin(
  length: number,
  { peer, ticket, serverName }: Pick<SessionState, 'peer' | 'ticket' | 'serverName'>,
): boolean {
  const byteStrings = [
    ...(peer === undefined ? [] : [...peer.chain, ...peer.verifiedPath]),
    peer?.rawPublicKey,
    peer?.ocspResponse,
    peer?.signedCertificateTimestamps,
    ticket,
  ];
  // what else has a length of its own has names of at most 255 characters in it, each behind its length
  const rest = maxFixedLength + (serverName?.length ?? 0);
  return byteStrings.reduce((sum, bytes) => sum + maxPrefixLength + (bytes?.length ?? 0), rest) <= length;
}

/** Bytes that the encoding has at most before a byte string: a certificate's place in the chain, and its length. */
const maxPrefixLength = 5;
/** Bytes of all fields that are neither of the peer nor a ticket or a server's name, at most: six times 255 and two dozen numbers. */
const maxFixedLength = 2048;

/**
 * Reads what `encodeSessionState` wrote. The bytes are copied first: they belong to whoever keeps them, and a handshake wipes its secrets.
 * @returns `undefined` on anything else: another layout (an older or newer version of this package), damaged bytes, a secret of zeros only,
 *   which is one that somebody wiped. A full handshake then takes the place of the resumption.
 */
export function decodeSessionState(bytes: Uint8Array): SessionState | undefined {
  const state = withoutChecksum(bytes);
  if (state === undefined) return undefined;
  try {
    return decodeAll(state, 'session', readState);
  } catch (error) {
    if (isTlsError(error) && error.code === 'ERR_TLS_DECODE') return undefined;
    throw error;
  }
}

function readState(reader: Reader): SessionState {
  const version = reader.uint8();
  if (version !== layout) throw decodeError(`session: layout ${version} is not known`);
  const state = {
    protocol: known(protocolOf.get(reader.uint8())),
    cipherSuite: reader.uint16(),
    secret: reader.vector8(1),
    createdAt: readUint48(reader),
    authenticatedAt: readUint48(reader),
    lifetimeSeconds: reader.uint32(),
    ticketAgeAdd: reader.uint32(),
    maxEarlyData: reader.uint32(),
    extendedMainSecret: reader.uint8() === 1,
    binding: reader.vector8(),
    externalPsk: readOptional(reader),
    replayScope: reader.vector8(),
    serverName: readText(reader),
    group: readText(reader),
    signatureScheme: readText(reader),
    clientSignatureScheme: readText(reader),
    alpnProtocol: readOptional(reader),
    clientAuthentication: known(authentications[reader.uint8()]),
    serverCertificateType: known(certificateTypes[reader.uint8()]),
    ticket: reader.vector16(),
    sessionId: reader.vector8(0, 32),
    peer: readPeer(reader),
  };
  if (state.secret.every((byte) => byte === 0)) throw decodeError('session: its secret was wiped');
  return state;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw decodeError('session: a number that stands for nothing');
  return value;
}

/** Most certificates of the path came in the chain, and are written once: a session is kept as often as there are tickets. */
function writePeer(writer: Writer, peer: PeerInfo | undefined): void {
  writer.uint8(peer === undefined ? 0 : 1);
  if (peer === undefined) return;
  const { chain, verifiedPath } = peer;
  writer.vector24(() => {
    for (const certificate of chain) writer.vector24(() => writer.bytes(certificate));
  });
  writer.vector24(() => {
    for (const certificate of verifiedPath) {
      const place = chain.findIndex((each) => equalBytes(each, certificate));
      writer.uint16(place === -1 ? notInChain : place);
      if (place === -1) writer.vector24(() => writer.bytes(certificate));
    }
  });
  for (const bytes of [peer.rawPublicKey, peer.ocspResponse, peer.signedCertificateTimestamps]) {
    writer.vector24(() => writer.bytes(bytes ?? new Uint8Array(0)));
  }
}

/** More certificates than a message of TLS can hold. */
const notInChain = 0xffff;

function readPeer(reader: Reader): PeerInfo | undefined {
  if (reader.uint8() === 0) return undefined;
  const readBytes = (): Uint8Array | undefined => {
    const bytes = reader.vector24();
    return bytes.length === 0 ? undefined : bytes;
  };
  const chain = Object.freeze(reader.list24(0, maxCertificates, (each) => each.vector24()));
  const verifiedPath = reader.list24(0, maxCertificates, (each) => {
    const place = each.uint16();
    return place === notInChain ? each.vector24() : known(chain[place]);
  });
  return Object.freeze({
    chain,
    verifiedPath: Object.freeze(verifiedPath),
    rawPublicKey: readBytes(),
    ocspResponse: readBytes(),
    signedCertificateTimestamps: readBytes(),
  });
}

/** An absent value is not an empty one. */
function writeOptional(writer: Writer, bytes: Uint8Array | undefined): void {
  writer.uint8(bytes === undefined ? 0 : 1);
  if (bytes !== undefined) writer.vector16(() => writer.bytes(bytes));
}

function readOptional(reader: Reader): Uint8Array | undefined {
  return reader.uint8() === 0 ? undefined : reader.vector16();
}

function readText(reader: Reader): string | undefined {
  const bytes = readOptional(reader);
  return bytes === undefined ? undefined : binaryString(bytes);
}

/** Milliseconds since the epoch need more than 32 bits. */
function writeUint48(writer: Writer, value: number): void {
  writer.uint16(Math.floor(value / 2 ** 32)).uint32(value % 2 ** 32);
}

function readUint48(reader: Reader): number {
  return reader.uint16() * 2 ** 32 + reader.uint32();
}
