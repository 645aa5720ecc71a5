import { describe, expect, it } from 'vitest';
import type { Identity, TlsSession } from '@org/tls-core';
import { decodeSessionState, encodeSessionState, type SessionState } from '../src/session/session-state.ts';
import { Writer } from '@org/tls-core/backend';
import { recordedHandshakes } from './support/recorded-handshakes.ts';
import {
  certificatesOf,
  recordedClient,
  recordedIdentity,
  recordedServer,
  recordedSigner,
  sent,
} from './support/recorded-peers.ts';

const recordings = recordedHandshakes();

function stateOf(session: TlsSession): SessionState {
  const state = decodeSessionState(session.state);
  if (state === undefined) throw new Error('the session cannot be read');
  return state;
}

describe('RFC 8448 §3, simple 1-RTT handshake', () => {
  const recording = recordings.get('Simple_1RTT_Handshake');
  it('is the same to the byte as a client', () => {
    const { engine, sink } = recordedClient(recording);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.receive(recording.bytes('Record_NewSessionTicket'));
    engine.send(recording.bytes('Client_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Client_AppData'));
    engine.receive(recording.bytes('Record_Server_AppData'));
    expect(Buffer.concat(sink.received).equals(recording.bytes('Server_AppData'))).toBe(true);
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
    engine.receive(recording.bytes('Record_Server_CloseNotify'));
    expect(sink.isClosed).toBe(true);
    expect(sink.failure).toBeUndefined();
    expect(sink.info).toMatchObject({
      protocol: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      group: 'x25519',
      signatureScheme: 'rsa_pss_rsae_sha256',
    });
  });

  it('is the same to the byte as a server', () => {
    const newSessionTicket = new Writer().uint8(4).vector24((message) => {
      message
        .uint16(0)
        .uint16(30)
        .bytes(Uint8Array.of(0xfa, 0xd6, 0xaa, 0xc5)); // ticket_lifetime 30 s, ticket_age_add
      message.vector8((nonce) => nonce.uint16(0));
      message.vector16((ticket) => ticket.bytes(recording.bytes('SessionTicket')));
      message.vector16((extensions) => extensions.uint16(42).vector16((earlyData) => earlyData.uint16(0).uint16(1024)));
    });
    const { engine, sink } = recordedServer(
      recording,
      { identity: recordedIdentity(recording) },
      { afterHandshake: [newSessionTicket.finish()] },
    );
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    expect(sent(sink)).toBe(recording.hex('Record_NewSessionTicket'));
    engine.receive(recording.bytes('Record_Client_AppData'));
    expect(Buffer.concat(sink.received).equals(recording.bytes('Client_AppData'))).toBe(true);
    engine.send(recording.bytes('Server_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Server_AppData'));
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    expect(sink.isClosed).toBe(true);
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
    expect(sink.failure).toBeUndefined();
  });
});

describe('RFC 8448 §5, HelloRetryRequest', () => {
  const recording = recordings.get('HelloRetryRequest_Handshake');

  it('is the same to the byte as a client', () => {
    const { engine, sink } = recordedClient(recording);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_HelloRetryRequest'));
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_2'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
    engine.receive(recording.bytes('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({
      isClosed: true,
      failure: undefined,
      info: { group: 'secp256r1', helloRetryRequest: true },
    });
  });

  it('is the same to the byte as a server', () => {
    const { engine, sink } = recordedServer(recording, {
      identity: recordedIdentity(recording),
      groups: ['secp256r1'],
    });
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_HelloRetryRequest'));
    engine.receive(recording.bytes('Record_ClientHello_2'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({
      isClosed: true,
      failure: undefined,
      info: { group: 'secp256r1', helloRetryRequest: true },
    });
  });
});

describe('RFC 8448 §7, middlebox compatibility mode', () => {
  const recording = recordings.get('Middlebox_Compatibility_Mode');

  it('is the same to the byte as a client', () => {
    const { engine, sink } = recordedClient(recording);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
  });

  it('is the same to the byte as a server', () => {
    const { engine, sink } = recordedServer(recording, { identity: recordedIdentity(recording), groups: ['x25519'] });
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    expect(sink.info?.protocol).toBe('TLSv1.3');
  });
});

/** The session of §3, which §4 resumes. */
function recordedSession(): TlsSession {
  const recording = recordings.get('Simple_1RTT_Handshake');
  const { engine, sink } = recordedClient(recording);
  engine.start();
  engine.receive(recording.bytes('Record_ServerHello'));
  engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
  engine.receive(recording.bytes('Record_NewSessionTicket'));
  const [session] = sink.sessions;
  if (session === undefined) throw new Error('no session came');
  return session;
}

describe('RFC 8448 §4, resumed 0-RTT handshake', () => {
  const recording = recordings.get('Resumed_0RTT_Handshake');
  // the file's EncryptedExtensions lacks the RFC's server_name, and its record differs with it; what follows is the RFC's again
  const encryptedExtensions = Buffer.from(
    '080000280026000a00140012001d00170018001901000101010201030104001c0002400100000000002a0000',
    'hex',
  );

  function startServer() {
    const state = stateOf(recordedSession());
    const server = recordedServer(
      recording,
      { identity: recordedIdentity(recordings.get('Simple_1RTT_Handshake')), maxEarlyData: 1024 },
      {
        openTicket: (ticket, madeBy) => {
          expect(Buffer.from(ticket).toString('hex')).toBe(recording.hex('SessionTicket'));
          return encodeSessionState({ ...state, ...madeBy });
        },
      },
      encryptedExtensions,
    );
    server.engine.start();
    server.engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(server.sink.failure).toBeUndefined();
    const flight = sent(server.sink);
    const serverHello = recording.hex('Record_ServerHello');
    expect(flight.startsWith(serverHello)).toBe(true);
    return { ...server, flight: Buffer.from(flight, 'hex') };
  }

  it('is the same to the byte as a client', () => {
    const session = recordedSession();
    expect(Buffer.from(stateOf(session).ticket).toString('hex')).toBe(recording.hex('SessionTicket'));
    const { engine, sink } = recordedClient(recording, {}, { session, earlyData: true });
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.send(recording.bytes('Client_EarlyAppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Client_EarlyAppData'));
    engine.receive(startServer().flight);
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.send(recording.bytes('Client_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Client_AppData'));
    engine.receive(recording.bytes('Record_Server_AppData'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
    engine.receive(recording.bytes('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({ isClosed: true, info: { resumed: true, earlyData: 'accepted' } });
  });

  it('takes the recorded client’s bytes as a server, and answers with the recorded ones', () => {
    const { engine, sink } = startServer();
    engine.receive(recording.bytes('Record_Client_EarlyAppData'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    expect(sink.failure).toBeUndefined();
    expect(Buffer.concat(sink.received).equals(recording.bytes('Client_EarlyAppData'))).toBe(true);
    engine.send(recording.bytes('Server_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Server_AppData'));
    engine.receive(recording.bytes('Record_Client_AppData'));
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({ isClosed: true, info: { resumed: true, earlyData: 'accepted' } });
  });
});

describe('RFC 8448 §6, client authentication', () => {
  const recording = recordings.get('Client_Authentication_Handshake');
  const serverIdentity = recordedIdentity(recording, 'ecdsa_secp256r1_sha256');

  /** The recorded client's certificate is only there encrypted: a server of ours reads it. */
  function serverRun() {
    const { engine, sink } = recordedServer(recording, {
      identity: serverIdentity,
      clientAuthentication: 'require',
      dangerous: { acceptAnyClientCertificate: true },
    });
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    return { engine, sink };
  }

  it('is the same to the byte as a server', () => {
    const { engine, sink } = serverRun();
    expect(sink).toMatchObject({ failure: undefined, info: { clientAuthentication: 'provided' } });
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
  });

  it('is the same to the byte as a client', () => {
    const identity: Identity = {
      certificateChain: serverRun().sink.info?.peer?.chain ?? [],
      signer: recordedSigner(recording, 'Client', 'rsa_pss_rsae_sha256'),
    };
    const { engine, sink } = recordedClient(recording, { identity });
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
  });
});

describe('an external PSK with ephemeral keys, in RFC 8448’s form', () => {
  const recording = recordings.get('Externally_Provided_PSK_with_Ephemeral_Key');
  const externalPsks = [
    { identity: Buffer.from(recording.text('PskIdentity')), key: recording.bytes('PskSecret'), hash: 'sha256' },
  ] as const;

  it('is the same to the byte as a client', () => {
    const { engine, sink } = recordedClient(recording, { externalPsks });
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.send(recording.bytes('Client_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Client_AppData'));
    engine.receive(recording.bytes('Record_Server_AppData'));
    expect(Buffer.concat(sink.received).equals(recording.bytes('Server_AppData'))).toBe(true);
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
  });

  it('is the same to the byte as a server', () => {
    const { engine, sink } = recordedServer(recording, { externalPsks });
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    engine.receive(recording.bytes('Record_Client_AppData'));
    engine.send(recording.bytes('Server_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Server_AppData'));
    const externalPskIdentity = new Uint8Array(externalPsks[0].identity);
    expect(sink).toMatchObject({ failure: undefined, info: { externalPskIdentity } });
  });
});

describe('raw public keys with client authentication, in RFC 8448’s form', () => {
  const recording = recordings.get('RawPublicKey_With_Client_Authentication');
  const scheme = 'ecdsa_secp256r1_sha256';
  const [serverKey = new Uint8Array(0)] = certificatesOf(recording);
  const serverIdentity = { rawPublicKey: serverKey, signer: recordedSigner(recording, 'Server', scheme) };

  function serverRun() {
    const { engine, sink } = recordedServer(recording, {
      identity: serverIdentity,
      clientAuthentication: 'require',
      peerCertificateTypes: ['RawPublicKey'],
      trustedPublicKeys: [],
      dangerous: { acceptAnyClientCertificate: true },
    });
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    return { engine, sink };
  }

  it('is the same to the byte as a server', () => {
    const { engine, sink } = serverRun();
    expect(sink).toMatchObject({ failure: undefined, info: { clientAuthentication: 'provided' } });
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
  });

  it('is the same to the byte as a client', () => {
    const rawPublicKey = serverRun().sink.info?.peer?.rawPublicKey ?? new Uint8Array(0);
    const { engine, sink } = recordedClient(recording, {
      identity: { rawPublicKey, signer: recordedSigner(recording, 'Client', scheme) },
      peerCertificateTypes: ['RawPublicKey'],
      trustedPublicKeys: [serverKey],
      dangerous: {},
    });
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
  });
});
