import type { CryptoProvider, KeyShare } from '../crypto/provider.ts';
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
  #isFirst = true;

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
      enc: this.#isFirst ? this.#sender.enc : new Uint8Array(0),
      payload: new Uint8Array(encoded.length + hpkeOverhead),
    });
    this.#isFirst = false;
    const extensions = outer.extensions.map((extension) => (extension.type === ech.type ? ech : extension));
    const message = encodeClientHello({ ...outer, extensions });
    const payload = payloadOf(message);
    const additionalData = outerAdditionalData(message.subarray(handshakeHeaderLength), payload);
    message.set(await this.#sender.seal(additionalData, encoded), offsetWithin(message, payload));
    return message;
  }
}

function payloadOf(clientHelloOuter: Uint8Array): Uint8Array {
  const { extensions } = decodeClientHello(clientHelloOuter.subarray(handshakeHeaderLength));
  const body = extensions.get(ExtensionType.encryptedClientHello);
  const ech = body === undefined ? undefined : decodeEchClientHello(body);
  if (ech?.type !== 'outer') throw new RangeError('the ClientHelloOuter has no place for encrypted_client_hello');
  return ech.payload;
}
