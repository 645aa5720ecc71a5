import { copyBytes } from '@org/tls-core/backend';
import type { CryptoProvider, KeyShare } from '@org/tls-crypto';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { handshakeHeaderLength } from '../wire/handshake-message.ts';
import { decodeClientHello, encodeClientHello, type ClientHelloParameters } from '../wire/messages/client-hello.ts';
import { encodeClientHelloInner, offsetWithin, outerAdditionalData } from './client-hello-inner.ts';
import { hpkeInfo, type EchConfig, type EchSelection } from './ech-config.ts';
import { decodeEchClientHello, encodeOuterEch } from './extension.ts';
import { hpkeOverhead, setupSender, type HpkeSender, type HpkeSuite } from './hpke.ts';

/** Where `encrypted_client_hello` is to stand among a ClientHelloOuter's extensions. */
export const outerEchPlaceholder: Extension = { type: ExtensionType.encryptedClientHello, body: new Uint8Array(0) };

/** A client's side of one offer of ECH: seals its ClientHelloInner, and the second one if there is a HelloRetryRequest. */
export class EchOffer {
  readonly config: EchConfig;
  readonly #suite: HpkeSuite;
  readonly #sender: HpkeSender;
  #first: Extension | undefined;

  private constructor(config: EchConfig, suite: HpkeSuite, sender: HpkeSender) {
    this.config = config;
    this.#suite = suite;
    this.#sender = sender;
  }

  /**
   * @param ephemeral the key pair instead of a random one; for tests that are exact to the byte
   * @throws TlsError `ERR_TLS_CONFIG`, by rejection, when the config's public key gives no secret
   */
  static async start(crypto: CryptoProvider, { config, suite }: EchSelection, ephemeral?: KeyShare): Promise<EchOffer> {
    return new EchOffer(config, suite, await setupSender(crypto, suite, config.publicKey, hpkeInfo(config), ephemeral));
  }

  /**
   * Seals a ClientHelloInner (RFC 9849 §6.1.1, for a second one §6.1.5). Calls must not overlap.
   * @param clientHelloInner the whole message, binders included
   * @param outer the ClientHelloOuter, with `outerEchPlaceholder` among its extensions
   * @returns the ClientHelloOuter, the whole message
   */
  async seal(clientHelloInner: Uint8Array, outer: ClientHelloParameters): Promise<Uint8Array> {
    const encoded = encodeClientHelloInner(clientHelloInner, outer.extensions, this.config.maximumNameLength);
    const ech = encodeOuterEch({
      cipherSuite: this.#suite,
      configId: this.config.configId,
      enc: this.#first === undefined ? this.#sender.enc : new Uint8Array(0),
      payload: new Uint8Array(encoded.length + hpkeOverhead),
    });
    const extensions = outer.extensions.map((extension) => (extension.type === ech.type ? ech : extension));
    const message = encodeClientHello({ ...outer, extensions });
    const { body, payload } = outerEchOf(message);
    const additionalData = outerAdditionalData(message.subarray(handshakeHeaderLength), payload);
    message.set(await this.#sender.seal(additionalData, encoded), offsetWithin(message, payload));
    this.#first ??= { type: ech.type, body: copyBytes(body) };
    return message;
  }

  /**
   * The extension of the first ClientHelloOuter. Behind a HelloRetryRequest that did not confirm, the second one repeats it as if it
   * were GREASE (RFC 9849 §6.2), and nothing more is sealed.
   */
  get first(): Extension {
    if (this.#first === undefined) throw new RangeError('nothing was sealed yet');
    return this.#first;
  }
}

/** The extension's body and the payload in it, both views. */
function outerEchOf(clientHelloOuter: Uint8Array): { readonly body: Uint8Array; readonly payload: Uint8Array } {
  const { extensions } = decodeClientHello(clientHelloOuter.subarray(handshakeHeaderLength));
  const body = extensions.get(ExtensionType.encryptedClientHello);
  const ech = body === undefined ? undefined : decodeEchClientHello(body);
  if (body === undefined || ech?.type !== 'outer')
    throw new RangeError('the ClientHelloOuter has no place for encrypted_client_hello');
  return { body, payload: ech.payload };
}
