import type { KeySchedule } from '../schedule/key-schedule.ts';
import { ApplicationKeys } from './application-keys.ts';
import type { HandshakeIo } from './handshake-io.ts';

/** The secrets of a handshake under way (RFC 8446 §7.1), the caller's to wipe. */
export interface HandshakeSecrets {
  readonly handshakeSecret: Uint8Array;
  /** client_handshake_traffic_secret and server_handshake_traffic_secret. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/**
 * Derives and logs the handshake's traffic secrets; the transcript ends with ServerHello.
 * @param sharedSecret wiped here
 */
export function deriveHandshakeSecrets(
  io: HandshakeIo,
  schedule: KeySchedule,
  clientRandom: Uint8Array,
  sharedSecret: Uint8Array,
): HandshakeSecrets {
  const handshakeSecret = schedule.handshakeSecret(sharedSecret);
  sharedSecret.fill(0);
  const helloHash = io.transcript.hash();
  const client = schedule.deriveSecret(handshakeSecret, 'c hs traffic', helloHash);
  const server = schedule.deriveSecret(handshakeSecret, 's hs traffic', helloHash);
  io.keyLog('CLIENT_HANDSHAKE_TRAFFIC_SECRET', clientRandom, client);
  io.keyLog('SERVER_HANDSHAKE_TRAFFIC_SECRET', clientRandom, server);
  return { handshakeSecret, client, server };
}

/** client_application_traffic_secret_0, server_application_traffic_secret_0 and exporter_secret (RFC 8446 §7.1). */
export interface ApplicationSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
  readonly exporter: Uint8Array;
}

/** Derives and logs the connection's secrets; the transcript ends with the server's Finished. */
export function deriveApplicationSecrets(
  io: HandshakeIo,
  schedule: KeySchedule,
  clientRandom: Uint8Array,
  { handshakeSecret }: HandshakeSecrets,
): ApplicationSecrets {
  const mainSecret = schedule.mainSecret(handshakeSecret);
  const finishedHash = io.transcript.hash();
  const client = schedule.deriveSecret(mainSecret, 'c ap traffic', finishedHash);
  const server = schedule.deriveSecret(mainSecret, 's ap traffic', finishedHash);
  const exporter = schedule.deriveSecret(mainSecret, 'exp master', finishedHash);
  mainSecret.fill(0);
  io.keyLog('CLIENT_TRAFFIC_SECRET_0', clientRandom, client);
  io.keyLog('SERVER_TRAFFIC_SECRET_0', clientRandom, server);
  io.keyLog('EXPORTER_SECRET', clientRandom, exporter);
  return { client, server, exporter };
}

/** Hands the connection's secrets over and wipes the handshake's. */
export function finishSecrets(
  io: HandshakeIo,
  schedule: KeySchedule,
  role: 'client' | 'server',
  { client, server, exporter }: ApplicationSecrets,
  handshake: HandshakeSecrets,
): ApplicationKeys {
  for (const secret of [handshake.handshakeSecret, handshake.client, handshake.server]) secret.fill(0);
  const [write, read] = role === 'client' ? [client, server] : [server, client];
  return new ApplicationKeys(io.crypto, schedule, { write, read, exporter });
}
