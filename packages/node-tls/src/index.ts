export { checkServerIdentity, createSecureContext } from './secure-context.ts';
export type { SecureContext, SecureContextOptions } from './secure-context.ts';
export { createServer, Server } from './server/server.ts';
export type { TlsOptions } from './server/server-options.ts';
export { connect } from './socket/connect.ts';
export type { ConnectOptions as ConnectionOptions } from './socket/connect.ts';
export { setDefaultBackend } from './socket/default-backend.ts';
export type { TLSSocketOptions } from './socket/socket-options.ts';
export { TLSSocket } from './socket/tls-socket.ts';
