import type { Mutant } from './mutant.ts';
import { authenticationMutants } from './tables/authentication.ts';
import { certificateStatusMutants } from './tables/certificate-status.ts';
import { certificateMutants } from './tables/certificates.ts';
import { cryptographyMutants } from './tables/cryptography.ts';
import { encryptedClientHelloMutants } from './tables/encrypted-client-hello.ts';
import { fleetMutants } from './tables/fleets.ts';
import { helloMutants } from './tables/hellos.ts';
import { httpClientMutants } from './tables/http-client.ts';
import { httpRequestMutants } from './tables/http-requests.ts';
import { identityMutants } from './tables/identities.ts';
import { nativeMutants } from './tables/native.ts';
import { optionAndHookMutants } from './tables/options-and-hooks.ts';
import { nodeTlsMutants } from './tables/node-tls.ts';
import { recordMutants } from './tables/records.ts';
import { revocationMutants } from './tables/revocation.ts';
import { sessionKeepingMutants } from './tables/session-keeping.ts';
import { sessionMutants } from './tables/sessions.ts';
import { socketMutants } from './tables/sockets.ts';
import { tls12Mutants } from './tables/tls-1.2.ts';
import { watchedFileMutants } from './tables/watched-files.ts';

/** All checks that are switched off, one at a time. */
export const mutants: readonly Mutant[] = [
  ...recordMutants,
  ...helloMutants,
  ...authenticationMutants,
  ...tls12Mutants,
  ...sessionMutants,
  ...sessionKeepingMutants,
  ...cryptographyMutants,
  ...encryptedClientHelloMutants,
  ...certificateMutants,
  ...revocationMutants,
  ...certificateStatusMutants,
  ...identityMutants,
  ...watchedFileMutants,
  ...nodeTlsMutants,
  ...optionAndHookMutants,
  ...nativeMutants,
  ...socketMutants,
  ...httpClientMutants,
  ...httpRequestMutants,
  ...fleetMutants,
];
