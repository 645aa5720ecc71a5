import type { ConformanceCase } from './conformance-case.ts';
import { alpnCases } from './cases/alpn.ts';
import { certificateCases } from './cases/certificates.ts';
import { dataCases } from './cases/data.ts';
import { failureCases } from './cases/failures.ts';
import { handshakeCases } from './cases/handshake.ts';
import { hookCases } from './cases/hooks.ts';
import { optionCases } from './cases/options.ts';
import { socketCases } from './cases/sockets.ts';

/** The whole kit, as data. */
export const cases: readonly ConformanceCase[] = [
  ...handshakeCases,
  ...alpnCases,
  ...certificateCases,
  ...dataCases,
  ...failureCases,
  ...hookCases,
  ...optionCases,
  ...socketCases,
];
