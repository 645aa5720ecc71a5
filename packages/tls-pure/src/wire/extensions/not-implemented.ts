import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType } from '../extension.ts';

/** Extensions that are not done here: of a TLS 1.3 message that may not hold them they are refused, and else passed over (RFC 8446 §4.2). */
export const notImplemented = [
  {
    type: ExtensionType.maxFragmentLength,
    name: 'max_fragment_length',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.useSrtp,
    name: 'use_srtp',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.heartbeat,
    name: 'heartbeat',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.padding,
    name: 'padding',
    tls12: ['ClientHello'],
    tls13: ['ClientHello'],
    mayChange: true,
  },
  { type: ExtensionType.oidFilters, name: 'oid_filters', tls12: [], tls13: ['CertificateRequest'] },
  { type: ExtensionType.postHandshakeAuth, name: 'post_handshake_auth', tls12: [], tls13: ['ClientHello'] },
  {
    type: ExtensionType.signatureAlgorithmsCert,
    name: 'signature_algorithms_cert',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'CertificateRequest'],
  },
] as const satisfies readonly ExtensionDefinition[];
