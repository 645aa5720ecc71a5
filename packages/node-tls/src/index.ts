export type * from 'node:tls';
// oxlint-disable-next-line import/no-default-export, import/no-self-import -- the default of Node’s module is the module, types and all
export * as default from './index.ts';
export {
  getCACertificates,
  rootCertificates,
  setDefaultCACertificates,
  type CaCertificatesType,
} from './context/ca-certificates.ts';
export { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW, tlsDefaults, type TlsDefaults } from './context/tls-defaults.ts';
export { convertALPNProtocols, getCiphers } from './context/tls-functions.ts';
export {
  createSecurePair,
  DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE,
  DEFAULT_MAX_VERSION,
  DEFAULT_MIN_VERSION,
  getCertificateCompressionAlgorithms,
} from './other-surface.ts';
export { checkServerIdentity, createSecureContext, SecureContext } from './secure-context.ts';
export type { SecureContextOptions } from './secure-context.ts';
export { createServer, Server } from './server/server.ts';
export type { TlsOptions } from './server/server-options.ts';
export { connect } from './socket/connect.ts';
export type { ConnectOptions as ConnectionOptions } from './socket/connect.ts';
export { setDefaultBackend } from './socket/default-backend.ts';
export type { TLSSocketOptions } from './socket/socket-options.ts';
export { TLSSocket } from './socket/tls-socket.ts';
