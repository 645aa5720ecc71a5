import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase } from '../conformance-case.ts';
import { join } from '../memory-pair.ts';
import {
  also,
  appendByte,
  cipherSuiteAt,
  compressionMethodsAt,
  editExtensions,
  editMessage,
  flipLastByte,
  instead,
  patch,
  patched,
  putBehind,
  randomAt,
  replace,
  sessionIdAt,
  without,
  type ExtensionEdit,
  type MessageEdit,
} from '../message-edits.ts';
import { misbehaviourCases, type Misbehaviour } from '../misbehaviour.ts';
import { refusals } from '../refusals.ts';

const {
  unexpectedMessage,
  handshakeFailure,
  illegalParameter,
  decodeError,
  decryptError,
  protocolVersion,
  missingExtension,
  noApplicationProtocol,
} = refusals;
const {
  serverName,
  supportedGroups,
  signatureAlgorithms,
  applicationLayerProtocolNegotiation: alpn,
  oidFilters,
  preSharedKey,
  earlyData,
  supportedVersions,
  cookie,
  pskKeyExchangeModes,
  keyShare,
} = ExtensionType;

const unknownExtension = 0xfafb;
const unknownGroup = [0xfe, 0xfe] as const;
const x25519Share = [0, 29, 0, 32, ...new Uint8Array(32).fill(9)] as const;
/** The server asks for a share of P-256, of which the client sent none. */
const retrying = { server: { groups: ['secp256r1'] } } as const;
const withCookie = { server: { ...retrying.server, retryCookie: true } } as const;

const clientHellos: readonly Misbehaviour[] = [
  {
    id: 'without-supported-versions',
    title: '§4.2.1 a ClientHello without supported_versions is refused with protocol_version by a server of TLS 1.3',
    edits: [editExtensions('ClientHello', without(supportedVersions))],
    refused: protocolVersion,
  },
  {
    id: 'only-tls-1.2',
    title: '§4.2.1 a ClientHello that offers TLS 1.2 only is refused with protocol_version by a server of TLS 1.3',
    edits: [editExtensions('ClientHello', instead(supportedVersions, 2, 3, 3))],
    refused: protocolVersion,
  },
  {
    id: 'empty-supported-versions',
    title: '§4.2.1 an empty supported_versions aborts with decode_error',
    edits: [editExtensions('ClientHello', instead(supportedVersions, 0))],
    refused: decodeError,
  },
  {
    id: 'legacy-version',
    title: '§D.5 a legacy_version of 0x0300 is refused with protocol_version',
    edits: [patch('ClientHello', 4, 3, 0)],
    refused: protocolVersion,
  },
  {
    id: 'compression-method',
    title: '§4.1.2 a compression method other than null aborts with illegal_parameter',
    edits: [editMessage('ClientHello', (message) => patched(message, compressionMethodsAt(message) + 1, 1))],
    refused: illegalParameter,
  },
  {
    id: 'empty-cipher-suites',
    title: '§4.1.2 an empty cipher_suites aborts with decode_error',
    edits: [editMessage('ClientHello', (message) => patched(message, cipherSuiteAt(message), 0, 0))],
    refused: decodeError,
  },
  {
    id: 'trailing-byte',
    title: '§4.1.2 a byte behind a ClientHello aborts with decode_error',
    edits: [appendByte('ClientHello')],
    refused: decodeError,
  },
  {
    id: 'session-id-length',
    title: '§4.1.2 a session id of more than 32 bytes aborts with decode_error',
    edits: [patch('ClientHello', sessionIdAt, 33)],
    refused: decodeError,
  },
  {
    id: 'extension-twice',
    title: '§4.2 an extension that stands twice aborts with decode_error',
    edits: [editExtensions('ClientHello', (list) => [...list, ...list])],
    refused: decodeError,
  },
  {
    id: 'misplaced-extension',
    title: '§4.2 an extension that may not be in a ClientHello aborts with illegal_parameter',
    edits: [editExtensions('ClientHello', also(oidFilters, 0, 0))],
    refused: illegalParameter,
  },
  {
    id: 'without-key-share',
    title: '§9.2 a ClientHello without key_share aborts with missing_extension',
    edits: [editExtensions('ClientHello', without(keyShare))],
    refused: missingExtension,
  },
  {
    id: 'without-supported-groups',
    title: '§9.2 a ClientHello without supported_groups aborts with missing_extension',
    edits: [editExtensions('ClientHello', without(supportedGroups))],
    refused: missingExtension,
  },
  {
    id: 'without-signature-algorithms',
    title: '§9.2 a ClientHello without signature_algorithms aborts with missing_extension',
    edits: [editExtensions('ClientHello', without(signatureAlgorithms))],
    refused: missingExtension,
  },
  {
    id: 'server-name-empty',
    title: 'RFC 6066 §3 an empty server_name list aborts with decode_error',
    edits: [editExtensions('ClientHello', instead(serverName, 0, 0))],
    refused: decodeError,
  },
  {
    id: 'alpn-empty-name',
    title: 'RFC 7301 §3.1 an empty protocol name aborts with decode_error',
    edits: [editExtensions('ClientHello', also(alpn, 0, 1, 0))],
    refused: decodeError,
  },
];

const shares: readonly Misbehaviour[] = [
  {
    id: 'share-without-its-group',
    title: '§4.2.8 a key_share of a group that is not in supported_groups aborts with illegal_parameter',
    edits: [editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0, 23))],
    refused: illegalParameter,
  },
  {
    id: 'share-twice',
    title: '§4.2.8 two key_shares of one group abort with illegal_parameter',
    edits: [
      editExtensions(
        'ClientHello',
        withShares((own) => own),
      ),
    ],
    refused: illegalParameter,
  },
  {
    id: 'share-length',
    title: '§4.2.8.2 an X25519 share of a wrong length aborts with illegal_parameter',
    edits: [editExtensions('ClientHello', instead(keyShare, 0, 5, 0, 29, 0, 1, 1))],
    refused: illegalParameter,
  },
];

const points: readonly Misbehaviour[] = [
  {
    id: 'share-zeros',
    title: '§7.4.2 an X25519 share that is zeros, with which the secret would be too, aborts with illegal_parameter',
    edits: [editExtensions('ClientHello', instead(keyShare, 0, 36, 0, 29, 0, 32, ...new Uint8Array(32)))],
    refused: illegalParameter,
  },
  {
    id: 'share-point',
    title: '§4.2.8.2 a P-256 share that is not on the curve aborts with illegal_parameter',
    client: { groups: ['secp256r1'] },
    edits: [editExtensions('ClientHello', instead(keyShare, 0, 69, 0, 23, 0, 65, 4, ...new Uint8Array(64).fill(1)))],
    refused: illegalParameter,
  },
];

const nothingInCommon: readonly Misbehaviour[] = [
  {
    id: 'no-common-group',
    title: '§4.2.7 no group in common aborts with handshake_failure',
    edits: [editExtensions('ClientHello', instead(supportedGroups, 0, 2, ...unknownGroup), instead(keyShare, 0, 0))],
    refused: handshakeFailure,
  },
  {
    id: 'no-common-suite',
    title: '§4.1.1 no cipher suite in common aborts with handshake_failure',
    client: { cipherSuites: ['TLS_AES_256_GCM_SHA384'] },
    server: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    refused: handshakeFailure,
  },
  {
    id: 'no-common-scheme',
    title: '§4.4.3 no signature scheme in common aborts with handshake_failure',
    client: { signatureSchemes: ['ed25519'] },
    refused: handshakeFailure,
  },
  {
    id: 'no-common-protocol',
    title: 'RFC 7301 §3.2 no protocol in common aborts with no_application_protocol',
    client: { alpnProtocols: ['h2'] },
    server: { alpnProtocols: ['http/1.1'] },
    refused: noApplicationProtocol,
  },
];

const preSharedKeys: readonly Misbehaviour[] = [
  {
    id: 'psk-without-modes',
    title: '§4.2.9 pre_shared_key without psk_key_exchange_modes aborts with missing_extension',
    edits: [editExtensions('ClientHello', without(pskKeyExchangeModes), also(preSharedKey, ...identities(1)))],
    refused: missingExtension,
  },
  {
    id: 'psk-not-last',
    title: '§4.2.11 pre_shared_key that is not last aborts with illegal_parameter',
    edits: [
      editExtensions('ClientHello', (list) => [{ type: preSharedKey, body: Uint8Array.from(identities(1)) }, ...list]),
    ],
    refused: illegalParameter,
  },
  {
    id: 'psk-binders',
    title: '§4.2.11 more identities than binders abort with illegal_parameter',
    edits: [editExtensions('ClientHello', also(preSharedKey, ...identities(2)))],
    refused: illegalParameter,
  },
];

const secondHellos: readonly Misbehaviour[] = [
  {
    id: 'second-other-group',
    title: '§4.2.8 a second ClientHello without the share that was asked for aborts with illegal_parameter',
    edits: [inSecond(instead(keyShare, 0, 36, ...x25519Share))],
    ...retrying,
  },
  {
    id: 'second-other-share',
    title: '§4.2.8 a share beside the one that was asked for aborts with illegal_parameter',
    edits: [inSecond(withShares(() => Uint8Array.from(x25519Share)))],
    ...retrying,
  },
  {
    id: 'second-random',
    title: '§4.1.2 a second ClientHello with another random aborts with illegal_parameter',
    edits: [patch('second ClientHello', randomAt, 1, 2, 3, 4)],
    ...retrying,
  },
  {
    id: 'second-cipher-suites',
    title: '§4.1.2 a second ClientHello with other cipher suites aborts with illegal_parameter',
    edits: [editMessage('second ClientHello', (message) => patched(message, cipherSuiteAt(message) + 4, 0x13, 0x05))],
    ...retrying,
  },
  {
    id: 'second-extension-more',
    title: '§4.1.2 a second ClientHello with one extension more aborts with illegal_parameter',
    edits: [inSecond(also(unknownExtension))],
    ...retrying,
  },
  {
    id: 'second-extension-less',
    title: '§4.1.2 a second ClientHello with one extension less aborts with illegal_parameter',
    edits: [inSecond(without(serverName))],
    ...retrying,
  },
  {
    id: 'second-server-name',
    title: '§4.1.2 a second ClientHello with another server_name aborts with illegal_parameter',
    edits: [inSecond(instead(serverName, 0, 4, 0, 0, 1, 97))],
    ...retrying,
  },
  {
    id: 'second-early-data',
    title: '§4.1.2 a second ClientHello with early_data aborts with illegal_parameter',
    edits: [inSecond(also(earlyData))],
    ...retrying,
  },
  {
    id: 'cookie-left-out',
    title: '§4.2.2 a second ClientHello without the cookie aborts with illegal_parameter',
    edits: [inSecond(without(cookie))],
    ...withCookie,
  },
  {
    id: 'cookie-changed',
    title: '§4.2.2 a second ClientHello with another cookie aborts with illegal_parameter',
    edits: [inSecond(instead(cookie, 0, 32, ...new Uint8Array(32)))],
    ...withCookie,
  },
].map((row) => ({ ...row, refused: illegalParameter }));

const finished: readonly Misbehaviour[] = [
  {
    id: 'finished',
    title: '§4.4.4 a wrong Finished aborts with decrypt_error',
    edits: [flipLastByte('Finished')],
    refused: decryptError,
  },
  {
    id: 'finished-replaced',
    title: '§4.4 a message other than Finished aborts with unexpected_message',
    edits: [replace('Finished', 24, 0, 0, 1, 0)],
    refused: unexpectedMessage,
  },
  {
    id: 'finished-followed',
    title: '§5.1 a message behind the client’s Finished in the same record aborts with unexpected_message',
    edits: [putBehind('Finished', 24, 0, 0, 1, 0)],
    refused: unexpectedMessage,
  },
];

/** How a server answers a client of TLS 1.3 that misbehaves. */
export const misbehavingClientCases: readonly ConformanceCase[] = misbehaviourCases(
  { name: 'misbehaving-client', victim: 'server', protocol: 'TLSv1.3' },
  [...clientHellos, ...shares, ...points, ...nothingInCommon, ...preSharedKeys, ...secondHellos, ...finished],
);

function inSecond(edit: ExtensionEdit): MessageEdit {
  return editExtensions('second ClientHello', edit);
}

/** Adds key shares behind the existing ones, which stay valid. */
function withShares(more: (own: Uint8Array) => Uint8Array): ExtensionEdit {
  return (list) =>
    list.map((each) => {
      if (each.type !== keyShare) return each;
      const own = each.body.subarray(2);
      const all = join([own, more(own)]);
      return { type: keyShare, body: Uint8Array.of(all.length >>> 8, all.length, ...all) };
    });
}

/** Makes the body of `pre_shared_key` (RFC 8446 §4.2.11) with this many identities of two bytes, and with one binder. */
function identities(count: number): readonly number[] {
  const list = Array.from({ length: count }, () => [0, 2, 7, 7, 0, 0, 0, 0]).flat();
  return [0, list.length, ...list, 0, 33, 32, ...new Uint8Array(32)];
}
