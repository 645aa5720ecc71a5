import type { CryptoProvider, KeyShare } from '@org/tls-crypto';
import type { Extension } from '../wire/extension.ts';
import { ExtensionType } from '../wire/extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';
import { encodeOuterEch } from './extension.ts';
import { HpkeAeadId, HpkeKdfId } from './hpke-algorithms.ts';
import { hpkeOverhead } from './hpke.ts';

/**
 * A decoy that looks like `encrypted_client_hello` to anyone but the server (RFC 9849 §6.2). A second ClientHello repeats it.
 * @param randomFill fills a buffer with random bytes
 * @param keyShare a fresh X25519 key pair, whose private half nobody needs
 */
export function greaseEch(
  crypto: CryptoProvider,
  randomFill: (into: Uint8Array) => void = (into) => crypto.randomFill(into),
  keyShare: KeyShare = crypto.generateKeyShare('x25519'),
): Extension {
  const [configId = 0, size = 0] = randomBytes(randomFill, 2);
  // as we would choose from a config that has both
  const aeadId = crypto.hasHardwareAes ? HpkeAeadId.aes128Gcm : HpkeAeadId.chacha20Poly1305;
  // real ones are multiples of 32 (§6.1.3): ours has 160 bytes with the usual options, others' from 128 to 224
  const length = 32 * (4 + (size % 4)) + hpkeOverhead;
  return encodeOuterEch({
    cipherSuite: { kdfId: HpkeKdfId.hkdfSha256, aeadId },
    configId,
    enc: keyShare.publicKey,
    payload: randomBytes(randomFill, length),
  });
}

/** As many as fit; they are our own. */
const maxPsks = 2 ** 16;

/**
 * A decoy `pre_shared_key` for a ClientHelloOuter (RFC 9849 §6.1.2): as long as the real one, and all random.
 * @param body of the `pre_shared_key` in the ClientHelloInner
 */
export function greasePreSharedKey(body: Uint8Array, randomFill: (into: Uint8Array) => void): Extension {
  const lengths = decodeAll(body, 'pre_shared_key', (reader) => ({
    identities: reader.list16(7, maxPsks, (each) => {
      const { length } = each.vector16(1);
      each.uint32();
      return length;
    }),
    binders: reader.list16(33, maxPsks, (each) => each.vector8(32).length),
  }));
  const decoy = new Writer(body.length)
    .vector16((list) => {
      for (const length of lengths.identities) {
        list.vector16(() => list.bytes(randomBytes(randomFill, length))).bytes(randomBytes(randomFill, 4));
      }
    })
    .vector16((list) => {
      for (const length of lengths.binders) list.vector8(() => list.bytes(randomBytes(randomFill, length)));
    })
    .finish();
  return { type: ExtensionType.preSharedKey, body: decoy };
}

function randomBytes(randomFill: (into: Uint8Array) => void, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  randomFill(bytes);
  return bytes;
}
