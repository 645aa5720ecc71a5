import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ConnectionInfo } from '../connection-info.ts';
import { NetSurface } from './net-surface.ts';

/** Which side of a connection a socket is. */
export interface SocketSide {
  readonly role: 'client' | 'server';
  /** The name that a client verifies; what Node calls `servername`. */
  readonly serverName: string | undefined;
}

/** What programs expect of a tls.TLSSocket, answered by `info`. */
export abstract class TlsSurface extends NetSurface {
  /** Always true; so that it can be told from a net.Socket. */
  readonly encrypted = true;
  /** Node's word for the state of the peer's certificate; a handshake with a bad one fails, so this is never an error. */
  readonly authorizationError = null;
  readonly #role: 'client' | 'server';
  readonly #serverName: string | undefined;

  constructor(transport: Duplex, allowHalfOpen: boolean, { role, serverName }: SocketSide) {
    super(transport, allowHalfOpen);
    this.#role = role;
    this.#serverName = serverName;
  }

  /** How the connection is secured; `undefined` until the handshake is done. */
  abstract get info(): ConnectionInfo | undefined;

  /** True once the peer has proven who it is (as a client, and as a server that asked for a certificate). */
  get authorized(): boolean {
    return (this.info?.peer?.verifiedPath.length ?? 0) > 0;
  }

  /** What ALPN chose; `false`: nothing, as Node says it. */
  get alpnProtocol(): string | false {
    return this.info?.alpnProtocol ?? false;
  }

  get servername(): string | false {
    return (this.#role === 'client' ? this.#serverName : this.info?.serverName) ?? false;
  }

  /** True until the handshake is done. */
  get secureConnecting(): boolean {
    return this.info === undefined && !this.destroyed;
  }

  getProtocol(): string | null {
    return this.info?.protocol ?? null;
  }

  getCipher(): { readonly name: string; readonly standardName: string; readonly version: string } | undefined {
    if (this.info === undefined) return undefined;
    const { cipherSuite, protocol } = this.info;
    return { name: cipherSuite, standardName: cipherSuite, version: protocol };
  }

  getEphemeralKeyInfo(): object {
    const group = this.#role === 'client' ? this.info?.group : undefined;
    return group === undefined ? {} : { type: 'ECDH', name: group };
  }

  /**
   * The peer's certificate in Node's legacy form; `{}` when there is none, or none that Node can show. It never throws, whatever the
   * peer sent.
   * @param detailed adds the path that was verified as `issuerCertificate`; what else the peer sent is not shown
   */
  getPeerCertificate(detailed = false): object {
    const peer = this.info?.peer;
    const leaf = legacyCertificate(peer?.chain[0]);
    if (leaf === undefined) return {};
    if (!detailed) return leaf;
    let subject = leaf;
    for (const der of peer?.verifiedPath.slice(1) ?? []) {
      const issuer = legacyCertificate(der);
      if (issuer === undefined) break;
      subject.issuerCertificate = issuer;
      subject = issuer;
    }
    subject.issuerCertificate = subject;
    return leaf;
  }

  /** The peer's certificate; `undefined` when there is none, or none that Node can show. */
  getPeerX509Certificate(): X509Certificate | undefined {
    return parsed(this.info?.peer?.chain[0]);
  }

  getSession(): Buffer | undefined {
    return undefined;
  }

  isSessionReused(): boolean {
    return this.info?.resumed ?? false;
  }
}

interface LegacyCertificate {
  issuerCertificate?: LegacyCertificate;
}

function legacyCertificate(der: Uint8Array | undefined): LegacyCertificate | undefined {
  try {
    return parsed(der)?.toLegacyObject() as LegacyCertificate | undefined;
  } catch {
    return undefined; // a name or a key that Node has no words for
  }
}

/** Node's parser is another than the one that judged the certificate, and may refuse it. */
function parsed(der: Uint8Array | undefined): X509Certificate | undefined {
  try {
    return der && new X509Certificate(der);
  } catch {
    return undefined;
  }
}
