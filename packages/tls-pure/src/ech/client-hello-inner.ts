import { TlsError } from '@org/tls-core';
import { copyBytes, equalBytes, decodeAll, Reader, Writer } from '@org/tls-core/backend';
import { ExtensionType, readExtensionList, writeExtensions, type Extension } from '../wire/extension.ts';
import { decodeServerName } from '../wire/extensions/server-name.ts';
import { decodeSupportedVersions, WireVersion } from '../wire/extensions/supported-versions.ts';
import { encodeHandshake, handshakeHeaderLength, HandshakeType } from '../wire/handshake-message.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { decodeClientHello, type ClientHello } from '../wire/messages/client-hello.ts';
import { innerEchExtension } from './extension.ts';

/**
 * Puts the extensions of a ClientHelloInner into an order in which the most can be left out of its encoding: those that need be sent
 * first, then those that are the same in the ClientHelloOuter, in its order, `pre_shared_key` last (RFC 8446 §4.2.11).
 */
export function orderForCompression(inner: readonly Extension[], outer: readonly Extension[]): readonly Extension[] {
  const shared = outer.filter((each) => inner.some((other) => isCompressible(each, other)));
  const isShared = ({ type }: Extension): boolean => shared.some((each) => each.type === type);
  const isPreSharedKey = ({ type }: Extension): boolean => type === ExtensionType.preSharedKey;
  const own = inner.filter((each) => !isShared(each) && !isPreSharedKey(each));
  return [...own, ...shared, ...inner.filter((each) => isPreSharedKey(each))];
}

/**
 * `EncodedClientHelloInner` (RFC 9849 §5.1), compressed and padded.
 * @param clientHelloInner the whole message, binders included
 * @param outer the extensions of the ClientHelloOuter; `encrypted_client_hello` may be a placeholder
 * @param maximumNameLength of the ECHConfig
 */
export function encodeClientHelloInner(
  clientHelloInner: Uint8Array,
  outer: readonly Extension[],
  maximumNameLength: number,
): Uint8Array {
  const hello = decodeClientHello(clientHelloInner.subarray(handshakeHeaderLength));
  const extensions = Array.from(hello.extensions, ([type, body]): Extension => ({ type, body }));
  const writer = new Writer(512);
  writeClientHello(writer, { ...hello, legacySessionId: new Uint8Array(0) }, compress(extensions, outer));
  const encoded = writer.finish();
  const serverName = hello.extensions.get(ExtensionType.serverName);
  const nameLength = serverName === undefined ? undefined : decodeServerName(serverName)?.length;
  const padded = new Uint8Array(encoded.length + paddingLength(encoded.length, nameLength, maximumNameLength));
  padded.set(encoded);
  return padded;
}

/**
 * Zeros to add, so that the length tells neither the server's name nor its absence (RFC 9849 §6.1.3).
 * @param nameLength of the name in `server_name`; `undefined` without that extension
 */
export function paddingLength(length: number, nameLength: number | undefined, maximumNameLength: number): number {
  const forName =
    nameLength === undefined ? maximumNameLength + serverNameOverhead : Math.max(0, maximumNameLength - nameLength);
  return forName + 31 - ((length + forName - 1) % 32);
}

/** Bytes of a `server_name` extension but for the name. */
const serverNameOverhead = 9;

/**
 * The ClientHelloInner of an `EncodedClientHelloInner` (RFC 9849 §5.1), checked as §7.1 demands.
 * @param outer the ClientHelloOuter it came in
 * @returns the whole message
 * @throws TlsError `ERR_TLS_DECODE` on bad syntax, `ERR_TLS_ILLEGAL_PARAMETER` on anything that a client must not put there,
 *   `ERR_TLS_LIMIT` on more than 256 extensions
 */
export function decodeClientHelloInner(encoded: Uint8Array, outer: ClientHello): Uint8Array {
  const { extensions, ...hello } = readEncoded(encoded);
  if (hello.legacySessionId.length !== 0) throw illegalParameter('its legacy_session_id is not empty (§5.1)');
  if (extensions.size > maxInnerExtensions)
    throw new TlsError('ERR_TLS_LIMIT', `ClientHelloInner: expected at most ${maxInnerExtensions} extensions`);
  const expanded = Array.from(extensions, ([type, body]): Extension => ({ type, body })).flatMap((extension) =>
    extension.type === ExtensionType.echOuterExtensions ? outerExtensions(extension.body, outer) : [extension],
  );
  checkInnerExtensions(expanded);
  const { legacySessionId } = outer;
  return encodeHandshake(
    HandshakeType.clientHello,
    (body) => writeClientHello(body, { ...hello, legacySessionId }, expanded),
    encoded.length + 512,
  );
}

/**
 * `ClientHelloOuterAAD` (RFC 9849 §5.2): the ClientHelloOuter with a payload of zeros.
 * @param clientHelloOuter the message without its header
 * @param payload a view of its payload, as `decodeEchClientHello` gives it
 */
export function outerAdditionalData(clientHelloOuter: Uint8Array, payload: Uint8Array): Uint8Array {
  const offset = offsetWithin(clientHelloOuter, payload);
  return copyBytes(clientHelloOuter).fill(0, offset, offset + payload.length);
}

/** Where a view starts in the bytes it is a view of. */
export function offsetWithin(bytes: Uint8Array, view: Uint8Array): number {
  const offset = view.byteOffset - bytes.byteOffset;
  if (view.buffer !== bytes.buffer || offset < 0 || offset + view.length > bytes.length)
    throw new RangeError('expected a view of the message');
  return offset;
}

/** Leaves out the longest run of extensions that the ClientHelloOuter has too, in the same order. */
function compress(inner: readonly Extension[], outer: readonly Extension[]): readonly Extension[] {
  let best: readonly Extension[] = [];
  let bestAt = 0;
  for (let start = 0; start < inner.length; start += 1) {
    const run = sharedRun(inner.slice(start), outer);
    if (run.length > best.length) [best, bestAt] = [run, start];
  }
  if (best.length === 0) return inner;
  const body = new Writer(1 + 2 * best.length)
    .vector8((list) => {
      for (const { type } of best) list.uint16(type);
    })
    .finish();
  const reference: Extension = { type: ExtensionType.echOuterExtensions, body };
  return [...inner.slice(0, bestAt), reference, ...inner.slice(bestAt + best.length)];
}

/** As many extensions from the start as the ClientHelloOuter has, in its order. */
function sharedRun(inner: readonly Extension[], outer: readonly Extension[]): readonly Extension[] {
  let from = 0;
  const end = inner.findIndex((extension) => {
    const at = outer.findIndex((other, index) => index >= from && isCompressible(other, extension));
    from = at + 1;
    return at === -1;
  });
  return inner.slice(0, end === -1 ? maxReferences : Math.min(end, maxReferences));
}

/** Extensions of a ClientHelloInner, which is taken apart and written anew; a client has some 20, and the registry some 70. */
const maxInnerExtensions = 256;

/** `OuterExtensions<2..254>`. */
const maxReferences = 127;

function isCompressible(left: Extension, right: Extension): boolean {
  return left.type === right.type && !neverCompressed.has(left.type) && equalBytes(left.body, right.body);
}

const neverCompressed: ReadonlySet<number> = new Set([
  ExtensionType.serverName, // the length would tell that it is the public name
  ExtensionType.preSharedKey, // stands last, and the outer one is a decoy (RFC 9849 §6.1.2)
  ExtensionType.encryptedClientHello, // RFC 9849 §5.1
  ExtensionType.echOuterExtensions,
]);

/** The extensions that `ech_outer_extensions` refers to (RFC 9849 §5.1). */
function outerExtensions(body: Uint8Array, outer: ClientHello): readonly Extension[] {
  const types = decodeAll(body, 'ech_outer_extensions', (reader) => reader.numbers8(2));
  const { extensions: available } = outer;
  let from = 0;
  return Array.from(types, (type): Extension => {
    if (type === ExtensionType.encryptedClientHello)
      throw illegalParameter('ech_outer_extensions names encrypted_client_hello');
    // one pass, so that none is named twice, nor out of order: else a small message could expand to a huge one (§10.12.4)
    const at = available.numbers.indexOf(type, from);
    if (at === -1)
      throw illegalParameter(
        `ech_outer_extensions: extension ${type} is missing in the ClientHelloOuter, or out of order`,
      );
    from = at + 1;
    return { type, body: available.at(at) };
  });
}

/** RFC 9849 §7.1: what makes a ClientHelloInner one. */
function checkInnerExtensions(extensions: readonly Extension[]): void {
  const types = new Set(extensions.map(({ type }) => type));
  if (types.size !== extensions.length) throw illegalParameter('an extension stands twice');
  if (types.has(ExtensionType.echOuterExtensions)) throw illegalParameter('ech_outer_extensions is left (§5.1)');
  const ech = extensions.find(({ type }) => type === ExtensionType.encryptedClientHello);
  if (ech === undefined || !equalBytes(ech.body, innerEchExtension.body))
    throw illegalParameter('it has no encrypted_client_hello of type inner (§7.1)');
  const versions = extensions.find(({ type }) => type === ExtensionType.supportedVersions);
  if (versions === undefined || decodeSupportedVersions(versions.body).some((version) => version <= WireVersion.tls12))
    throw illegalParameter('it offers a version below TLS 1.3 (§7.1)');
}

function readEncoded(encoded: Uint8Array): ClientHello {
  const reader = new Reader(encoded, 'EncodedClientHelloInner');
  const hello: ClientHello = {
    legacyVersion: reader.uint16(),
    random: reader.bytes(32),
    legacySessionId: reader.vector8(0, 32),
    cipherSuites: reader.numbers16(2),
    legacyCompressionMethods: reader.vector8(1),
    extensions: readExtensionList(reader, 'ClientHello'),
  };
  if (reader.bytes(reader.remaining).some((byte) => byte !== 0))
    throw illegalParameter('its padding is not all zeros (§5.1)');
  return hello;
}

function writeClientHello(
  writer: Writer,
  hello: Omit<ClientHello, 'extensions'>,
  extensions: readonly Extension[],
): void {
  writer.uint16(hello.legacyVersion).bytes(hello.random);
  writer.vector8(() => writer.bytes(hello.legacySessionId));
  writer.vector16(() => {
    for (const suite of hello.cipherSuites) writer.uint16(suite);
  });
  writer.vector8(() => writer.bytes(hello.legacyCompressionMethods));
  writeExtensions(writer, extensions);
}
