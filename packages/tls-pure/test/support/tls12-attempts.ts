import { createRoot } from '@org/pki';
import type { ClientConfig, ServerConfig, TlsSession } from '@org/tls-core';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { enginePair, type EnginePair } from './engine-pair.ts';

/** Bytes of a record's header. */
export const headerLength = 5;

/** A client and a server of TLS 1.2 and how either proves itself. */
export interface Tls12Peers {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  /** What the server needs to ask for the client's certificate, and the client to have one. */
  readonly asking: Partial<ServerConfig>;
  readonly proof: Partial<ClientConfig>;
}

export async function tls12Peers(): Promise<Tls12Peers> {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const clientLeaf = await root.issue({ names: ['client'] });
  const plain = { maxVersion: 'TLSv1.2', groups: ['x25519', 'secp256r1'] } as const;
  return {
    client: { ...plain, trust: root.certificatePem, grease: false, permuteExtensions: false },
    server: { ...plain, identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem } },
    asking: { clientAuthentication: 'request', clientTrust: root.certificatePem },
    proof: { identity: { certificateChain: clientLeaf.chainPem, privateKey: clientLeaf.privateKeyPem } },
  };
}

/** A handshake in which something is wrong. */
export interface Attempt {
  readonly overrides?: HandshakeOverrides;
  /** Both sides use certificates. */
  readonly authenticates?: boolean;
  readonly client?: Partial<ClientConfig>;
  readonly server?: Partial<ServerConfig>;
  readonly session?: TlsSession;
  /** Changes the client's records, flight by flight. */
  readonly cut?: (flight: number, records: readonly Uint8Array[]) => readonly Uint8Array[];
}

/** Runs a handshake against a client that misbehaves, or a network that does. */
export function attemptHandshake({ client, server, asking, proof }: Tls12Peers, attempt: Attempt): EnginePair {
  const { overrides = {}, authenticates = false, session, cut, ...changed } = attempt;
  const engines = enginePair({
    client: { ...client, ...(authenticates ? proof : {}), ...changed.client },
    server: { ...server, ...(authenticates ? asking : {}), ...changed.server },
    clientOverrides: overrides,
    ...(session && { engine: { session } }),
  });
  engines.server.start();
  engines.client.start();
  let flight = -1;
  engines.pump((batch, from) => {
    if (from === 'server') return [batch];
    flight += 1;
    return [Buffer.concat(cut?.(flight, recordsOf(batch)) ?? [batch])];
  });
  return engines;
}

function recordsOf(batch: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const end = at + headerLength + ((batch[at + 3] ?? 0) << 8) + (batch[at + 4] ?? 0);
    records.push(batch.subarray(at, end));
    at = end;
  }
  return records;
}
