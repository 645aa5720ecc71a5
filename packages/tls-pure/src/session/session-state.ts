import { TlsError, type CertificateType, type ConnectionInfo, type PeerInfo } from '@org/tls-core';
import { asciiBytes } from '../crypto/bytes.ts';
import { maxCertificates } from '../wire/messages/certificate.ts';
import { decodeAll, type Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

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
  /** SHA-256 over the rules that the peer was verified by: a session is only resumed under the same. */
  readonly binding: Uint8Array;
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

/** RFC 8446 §4.6.1: a ticket lives seven days at most. */
export const maxLifetimeSeconds = 604_800;

/**
 * What is left of a lifetime that began when the peers last proved who they are: else sessions that follow each other never end (RFC
 * 8446 §4.6.1).
 * @returns whole seconds, 0 when it is over
 */
export function remainingSeconds(authenticatedAt: number, now: number, lifetimeSeconds: number): number {
  return Math.max(0, lifetimeSeconds - Math.max(0, Math.floor((now - authenticatedAt) / 1000)));
}

/** The layout's own version: anything else is not read. */
const layout = 2;
const authentications = ['none', 'requested', 'provided'] as const;

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
  for (const text of [state.serverName, state.group, state.signatureScheme, state.clientSignatureScheme])
    writeOptional(writer, text === undefined ? undefined : asciiBytes(text));
  writeOptional(writer, state.alpnProtocol);
  writer.uint8(authentications.indexOf(state.clientAuthentication));
  writer.uint8(state.serverCertificateType === 'X509' ? 0 : 1);
  writer.vector16(() => writer.bytes(state.ticket)).vector8(() => writer.bytes(state.sessionId));
  writePeer(writer, state.peer);
  return writer.finish();
}

/** @throws TlsError `ERR_TLS_DECODE` on anything that `encodeSessionState` did not make */
export function decodeSessionState(bytes: Uint8Array): SessionState {
  return decodeAll(bytes, 'session', (reader) => {
    const version = reader.uint8();
    if (version !== layout) throw new TlsError('ERR_TLS_DECODE', `session: layout ${version} is not known`);
    return {
      protocol: reader.uint8() === 2 ? 'TLSv1.2' : 'TLSv1.3',
      cipherSuite: reader.uint16(),
      secret: reader.vector8(1),
      createdAt: readUint48(reader),
      authenticatedAt: readUint48(reader),
      lifetimeSeconds: reader.uint32(),
      ticketAgeAdd: reader.uint32(),
      maxEarlyData: reader.uint32(),
      extendedMainSecret: reader.uint8() === 1,
      binding: reader.vector8(),
      serverName: readText(reader),
      group: readText(reader),
      signatureScheme: readText(reader),
      clientSignatureScheme: readText(reader),
      alpnProtocol: readOptional(reader),
      clientAuthentication: authentications[reader.uint8()] ?? 'none',
      serverCertificateType: reader.uint8() === 0 ? 'X509' : 'RawPublicKey',
      ticket: reader.vector16(),
      sessionId: reader.vector8(0, 32),
      peer: readPeer(reader),
    };
  });
}

function writePeer(writer: Writer, peer: PeerInfo | undefined): void {
  writer.uint8(peer === undefined ? 0 : 1);
  if (peer === undefined) return;
  for (const list of [peer.chain, peer.verifiedPath]) {
    writer.vector24(() => {
      for (const certificate of list) writer.vector24(() => writer.bytes(certificate));
    });
  }
  for (const bytes of [peer.rawPublicKey, peer.ocspResponse, peer.signedCertificateTimestamps]) {
    writer.vector24(() => writer.bytes(bytes ?? new Uint8Array(0)));
  }
}

function readPeer(reader: Reader): PeerInfo | undefined {
  if (reader.uint8() === 0) return undefined;
  const readList = (): readonly Uint8Array[] =>
    Object.freeze(reader.list24(0, maxCertificates, (each) => each.vector24()));
  const readBytes = (): Uint8Array | undefined => {
    const bytes = reader.vector24();
    return bytes.length === 0 ? undefined : bytes;
  };
  return Object.freeze({
    chain: readList(),
    verifiedPath: readList(),
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
  return bytes === undefined ? undefined : String.fromCharCode(...bytes);
}

/** Milliseconds since the epoch need more than 32 bits. */
function writeUint48(writer: Writer, value: number): void {
  writer.uint16(Math.floor(value / 2 ** 32)).uint32(value % 2 ** 32);
}

function readUint48(reader: Reader): number {
  return reader.uint16() * 2 ** 32 + reader.uint32();
}
