import { hkdfExtract, type CipherSuite13, type CryptoProvider, type HashAlgorithm } from '@org/tls-crypto';
import { hkdfExpandLabel, HkdfLabel } from './hkdf-expand-label.ts';

const empty = new Uint8Array(0);

/** The key schedule of TLS 1.3 (RFC 8446 §7.1) for one suite. Every secret returned is the caller's to wipe. */
export class KeySchedule {
  readonly suite: CipherSuite13;
  readonly #crypto: CryptoProvider;
  readonly #constants: ScheduleConstants;

  constructor(crypto: CryptoProvider, suite: CipherSuite13) {
    this.#crypto = crypto;
    this.suite = suite;
    this.#constants = constantsOf(crypto, suite);
  }

  /** Early Secret = HKDF-Extract(0, PSK). */
  earlySecret(psk: Uint8Array): Uint8Array {
    return this.#extract(this.#constants.zeros, psk);
  }

  /** The key of a PSK binder: Finished's, of binder_key (RFC 8446 §4.2.11.2, RFC 9258 §5.2). */
  binder(earlySecret: Uint8Array, label: BinderLabel, transcriptHash: Uint8Array): Uint8Array {
    const binderKey = this.deriveSecret(earlySecret, label, this.#constants.emptyHash);
    const binder = this.verifyData(binderKey, transcriptHash);
    binderKey.fill(0);
    return binder;
  }

  /** The PSK of a ticket = HKDF-Expand-Label(resumption_secret, "resumption", ticket_nonce, Hash.length) (RFC 8446 §4.6.1). */
  resumptionPsk(resumptionSecret: Uint8Array, ticketNonce: Uint8Array): Uint8Array {
    return this.expandLabel(resumptionSecret, 'resumption', ticketNonce, this.suite.hashLength);
  }

  /**
   * Handshake Secret = HKDF-Extract(Derive-Secret(Early Secret, "derived", ""), (EC)DHE).
   * @param earlySecret `undefined`: that of a handshake without a pre-shared key
   */
  handshakeSecret(sharedSecret: Uint8Array, earlySecret?: Uint8Array): Uint8Array {
    if (earlySecret === undefined) return this.#extract(this.#constants.derivedWithoutPsk, sharedSecret);
    const derived = this.deriveSecret(earlySecret, 'derived', this.#constants.emptyHash);
    const handshakeSecret = this.#extract(derived, sharedSecret);
    derived.fill(0);
    return handshakeSecret;
  }

  /** Main Secret = HKDF-Extract(Derive-Secret(Handshake Secret, "derived", ""), 0). */
  mainSecret(handshakeSecret: Uint8Array): Uint8Array {
    const derived = this.deriveSecret(handshakeSecret, 'derived', this.#constants.emptyHash);
    const mainSecret = this.#extract(derived, this.#constants.zeros);
    derived.fill(0);
    return mainSecret;
  }

  /** Derive-Secret(secret, label, messages), given Transcript-Hash(messages). */
  deriveSecret(secret: Uint8Array, label: string, transcriptHash: Uint8Array): Uint8Array {
    return this.expandLabel(secret, label, transcriptHash, this.suite.hashLength);
  }

  /** [sender]_write_key and [sender]_write_iv (RFC 8446 §7.3). */
  trafficKeys(trafficSecret: Uint8Array): TrafficKeys {
    return {
      key: this.expandLabel(trafficSecret, 'key', empty, this.suite.keyLength),
      iv: this.expandLabel(trafficSecret, 'iv', empty, 12),
    };
  }

  /** application_traffic_secret_N+1 (RFC 8446 §7.2). */
  nextTrafficSecret(trafficSecret: Uint8Array): Uint8Array {
    return this.expandLabel(trafficSecret, 'traffic upd', empty, this.suite.hashLength);
  }

  /** verify_data of a Finished (RFC 8446 §4.4.4). */
  verifyData(baseKey: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
    const finishedKey = this.expandLabel(baseKey, 'finished', empty, this.suite.hashLength);
    this.#crypto.hmac(this.suite.hash, finishedKey, transcriptHash, finishedKey);
    return finishedKey;
  }

  /** TLS-Exporter (RFC 8446 §7.5). An absent context is the same as an empty one. */
  exporter(exporterSecret: Uint8Array, label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    const derived = this.deriveSecret(exporterSecret, label, this.#constants.emptyHash);
    const contextHash = context === undefined ? this.#constants.emptyHash : this.#crypto.hash(this.suite.hash, context);
    const keyingMaterial = this.expandLabel(derived, 'exporter', contextHash, length);
    derived.fill(0);
    return keyingMaterial;
  }

  #extract(salt: Uint8Array, inputKeyingMaterial: Uint8Array): Uint8Array {
    const secret = new Uint8Array(this.suite.hashLength);
    hkdfExtract(this.#crypto, this.suite.hash, salt, inputKeyingMaterial, secret);
    return secret;
  }

  expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
    return hkdfExpandLabel(this.#crypto, this.suite.hash, secret, {
      label: labels.get(label) ?? label,
      context,
      length,
    });
  }
}

/** The labels of TLS 1.3 (RFC 8446 §7.1 to §7.5, §4.6.1, RFC 9258 §5.2). An exporter's own label comes from the application. */
const labels: ReadonlyMap<string, HkdfLabel> = new Map(
  (
    'ext binder,res binder,imp binder,c e traffic,e exp master,derived,c hs traffic,s hs traffic,c ap traffic,s ap traffic,' +
    'exp master,res master,resumption,finished,key,iv,traffic upd,exporter'
  )
    .split(',')
    .map((label) => [label, new HkdfLabel(label)]),
);

/** Of an external PSK, of a ticket's, of an imported one (RFC 8446 §7.1, RFC 9258 §5.2). */
export type BinderLabel = 'ext binder' | 'res binder' | 'imp binder';

/** What is the same in every handshake with one hash function, and no secret. */
interface ScheduleConstants {
  readonly zeros: Uint8Array;
  /** Hash(""). */
  readonly emptyHash: Uint8Array;
  /** Derive-Secret(HKDF-Extract(0, 0), "derived", ""). */
  readonly derivedWithoutPsk: Uint8Array;
}

const constants = new WeakMap<CryptoProvider, Map<HashAlgorithm, ScheduleConstants>>();

function constantsOf(crypto: CryptoProvider, { hash, hashLength }: CipherSuite13): ScheduleConstants {
  const ofProvider = constants.get(crypto) ?? new Map<HashAlgorithm, ScheduleConstants>();
  constants.set(crypto, ofProvider);
  const known = ofProvider.get(hash);
  if (known !== undefined) return known;
  const zeros = new Uint8Array(hashLength);
  const emptyHash = crypto.hash(hash, empty);
  const earlySecret = new Uint8Array(hashLength);
  hkdfExtract(crypto, hash, zeros, zeros, earlySecret);
  const derivedWithoutPsk = hkdfExpandLabel(crypto, hash, earlySecret, {
    label: 'derived',
    context: emptyHash,
    length: hashLength,
  });
  const made: ScheduleConstants = { zeros, emptyHash, derivedWithoutPsk };
  ofProvider.set(hash, made);
  return made;
}

/** The caller's to wipe. */
export interface TrafficKeys {
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly iv: Uint8Array;
}
