import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { NetSurface } from './net-surface.ts';
import { legacyPeerCertificate, parsedCertificate } from './peer-certificate.ts';
import type { TlsStreamOptions } from './stream-options.ts';
import type { MakeEngine } from './tls-stream.ts';

/** How a `TlsSocket` is made. */
export interface TlsSocketOptions extends TlsStreamOptions {
  readonly role: 'client' | 'server';
  /** The name that a client verifies, which Node calls `servername`. */
  readonly serverName: string | undefined;
  /** What `socket.server` gives. node:http2 needs it. */
  readonly server?: unknown;
}

/**
 * A `TlsStream` over any Duplex, with the surface that Node's ecosystem expects of a tls.TLSSocket. `info` answers for it.
 *
 * It emits `timeout` (see `setTimeout`), and a client emits `connect`, `ready` and `secureConnect` before `secure`.
 */
export class TlsSocket extends NetSurface {
  /** The server that accepted the connection. */
  readonly server: unknown;
  /** Always true, so that a program can tell it from a net.Socket. */
  readonly encrypted = true;
  /** Node's word for the state of the peer's certificate. A handshake with a bad one fails, so this is never an error. */
  readonly authorizationError = null;
  readonly #role: 'client' | 'server';
  readonly #serverName: string | undefined;

  /** @throws TypeError on a Duplex or an option that cannot be used, and what `makeEngine` throws; nothing is left of the socket then */
  constructor(below: Duplex, makeEngine: MakeEngine, options: TlsSocketOptions) {
    super(below, makeEngine, options);
    this.server = options.server;
    this.#role = options.role;
    this.#serverName = options.serverName;
  }

  /** True once the peer has proven who it is (as a client, and as a server that asked for a certificate). */
  get authorized(): boolean {
    return (this.info?.peer?.verifiedPath.length ?? 0) > 0;
  }

  /** The protocol that ALPN chose; `false` where it chose none, as Node says it. */
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
    return legacyPeerCertificate(this.info?.peer, detailed);
  }

  /** The peer's certificate; `undefined` when there is none, or none that Node can show. */
  getPeerX509Certificate(): X509Certificate | undefined {
    return parsedCertificate(this.info?.peer?.chain[0]);
  }

  /** Always `undefined`: sessions come by the event `session`. */
  getSession(): Buffer | undefined {
    return undefined;
  }

  isSessionReused(): boolean {
    return this.info?.resumed ?? false;
  }

  protected override announceSecure(): void {
    if (this.#role === 'client') {
      this.emit('connect');
      this.emit('ready');
      this.emit('secureConnect');
    }
    super.announceSecure();
  }
}
