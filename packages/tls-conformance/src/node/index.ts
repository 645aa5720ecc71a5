import type { ConformanceCase } from '../conformance-case.ts';
import { echRetryCases } from './ech-retry.ts';
import { socketOnReadCases } from './socket-onread.ts';
import { socketPeerCases } from './socket-peers.ts';
import { socketTransportCases } from './socket-transports.ts';
import { socketCases } from './sockets.ts';
import { withoutExtendedMainSecretCases } from './without-extended-main-secret.ts';

/** The cases of the kit that need `node:net`, or `node:tls` as the peer. They go over TCP on the loopback by tls-core's Node adapter. */
export const nodeCases: readonly ConformanceCase[] = [
  ...withoutExtendedMainSecretCases,
  ...echRetryCases,
  ...socketCases,
  ...socketPeerCases,
  ...socketOnReadCases,
  ...socketTransportCases,
];
