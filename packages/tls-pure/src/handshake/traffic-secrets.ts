import { checkExport, concatBytes } from '@org/tls-core/backend';
import type { CipherSuite13 } from '@org/tls-crypto';
import type { Protection } from '../record/protection.ts';
import { RecordProtection13 } from '../record/record-protection-13.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { encodeEndOfEarlyData } from '../wire/messages/end-of-early-data.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { Keys13 } from './keys-13.ts';
import type { HandshakeIo } from './handshake-io.ts';

/** Protection under a traffic secret (RFC 8446 §7.3). */
export function protectionOf(io: HandshakeIo, schedule: KeySchedule, trafficSecret: Uint8Array): Protection {
  return new RecordProtection13(io.crypto, schedule.suite, schedule.trafficKeys(trafficSecret));
}

/**
 * Derives and logs the secrets of early data and hands its exporter to the engine (RFC 8446 §7.1); the transcript ends with
 * ClientHello.
 * @returns the protection of early data
 */
export function startEarlySecrets(
  io: HandshakeIo,
  transcript: Transcript,
  suite: CipherSuite13,
  psk: Uint8Array,
  clientRandom: Uint8Array,
): Protection {
  const schedule = new KeySchedule(io.crypto, suite);
  const earlySecret = io.earlySecret(schedule, psk);
  const helloHash = transcript.hashWith(suite.hash, new Uint8Array(0));
  const trafficSecret = io.keep(schedule.deriveSecret(earlySecret, 'c e traffic', helloHash));
  const exporterSecret = schedule.deriveSecret(earlySecret, 'e exp master', helloHash);
  io.keyLog('CLIENT_EARLY_TRAFFIC_SECRET', clientRandom, trafficSecret);
  io.keyLog('EARLY_EXPORTER_SECRET', clientRandom, exporterSecret);
  io.earlyExporter((label, context, length) => {
    checkExport(label, length, suite.hashLength);
    return schedule.exporter(exporterSecret, label, context, length);
  });
  return protectionOf(io, schedule, trafficSecret);
}

/** The secrets of a handshake under way (RFC 8446 §7.1). */
export interface HandshakeSecrets {
  readonly handshakeSecret: Uint8Array;
  /** client_handshake_traffic_secret and server_handshake_traffic_secret. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/**
 * Derives and logs the handshake's traffic secrets; the transcript ends with ServerHello.
 * @param psk the one that was chosen, if any
 * @param sharedSecret wiped here
 */
export function deriveHandshakeSecrets(
  io: HandshakeIo,
  schedule: KeySchedule,
  clientRandom: Uint8Array,
  psk: Uint8Array | undefined,
  sharedSecret: Uint8Array,
): HandshakeSecrets {
  const earlySecret = psk === undefined ? undefined : io.earlySecret(schedule, psk);
  const handshakeSecret = io.keep(schedule.handshakeSecret(sharedSecret, earlySecret));
  sharedSecret.fill(0);
  const helloHash = io.transcript.hash();
  const client = io.keep(schedule.deriveSecret(handshakeSecret, 'c hs traffic', helloHash));
  const server = io.keep(schedule.deriveSecret(handshakeSecret, 's hs traffic', helloHash));
  io.keyLog('CLIENT_HANDSHAKE_TRAFFIC_SECRET', clientRandom, client);
  io.keyLog('SERVER_HANDSHAKE_TRAFFIC_SECRET', clientRandom, server);
  return { handshakeSecret, client, server };
}

/** client_application_traffic_secret_0, server_application_traffic_secret_0 and exporter_secret (RFC 8446 §7.1). */
export interface ApplicationSecrets {
  readonly main: Uint8Array;
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
  const main = io.keep(schedule.mainSecret(handshakeSecret));
  const finishedHash = io.transcript.hash();
  const client = schedule.deriveSecret(main, 'c ap traffic', finishedHash);
  const server = schedule.deriveSecret(main, 's ap traffic', finishedHash);
  const exporter = schedule.deriveSecret(main, 'exp master', finishedHash);
  io.keyLog('CLIENT_TRAFFIC_SECRET_0', clientRandom, client);
  io.keyLog('SERVER_TRAFFIC_SECRET_0', clientRandom, server);
  io.keyLog('EXPORTER_SECRET', clientRandom, exporter);
  return { main, client, server, exporter };
}

/** The secrets become those of the open connection. */
export function makeKeys13(
  io: HandshakeIo,
  schedule: KeySchedule,
  role: 'client' | 'server',
  { client, server, exporter }: ApplicationSecrets,
): Keys13 {
  const [write, read] = role === 'client' ? [client, server] : [server, client];
  return new Keys13(io.crypto, schedule, { write, read, exporter });
}

/** resumption_secret (RFC 8446 §7.1); the transcript ends with the client's Finished. */
export function resumptionSecret(io: HandshakeIo, schedule: KeySchedule, { main }: ApplicationSecrets): Uint8Array {
  return schedule.deriveSecret(main, 'res master', io.transcript.hash());
}

/**
 * resumption_secret behind accepted early data, before its end has come: EndOfEarlyData and Finished hold nothing that the server does
 * not know. The transcript ends with the server's Finished.
 */
export function foreseenResumptionSecret(
  io: HandshakeIo,
  schedule: KeySchedule,
  { main }: ApplicationSecrets,
  { client }: HandshakeSecrets,
): Uint8Array {
  const { hash } = schedule.suite;
  const endOfEarlyData = encodeEndOfEarlyData();
  const verifyData = schedule.verifyData(client, io.transcript.hashWith(hash, endOfEarlyData));
  const flight = concatBytes([endOfEarlyData, encodeFinished(verifyData)]);
  return schedule.deriveSecret(main, 'res master', io.transcript.hashWith(hash, flight));
}
