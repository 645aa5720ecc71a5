export type { ByteStreams, SocketAddresses } from './byte-streams.ts';
export { accept, connect } from './connect.ts';
export type { AcceptOptions, SocketAddress, SocketOptions } from './connect.ts';
export type { SecuredOptions } from './secured-streams.ts';
export type { SecureTransport, Socket, SocketInfo, StartTlsOptions } from './socket.ts';
