export { connectHttp2 } from './connect-http2.ts';
export type { ConnectHttp2Options } from './connect-http2.ts';
export { createHttpsAgent, HttpsAgent } from './https-agent.ts';
export type { HttpsAgentOptions } from './https-agent.ts';
export { createHttpsServer, HttpsServer } from './https-server.ts';
export type { HttpsRequest, HttpsResponse, HttpsServerOptions } from './https-server.ts';
