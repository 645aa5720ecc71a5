import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomFillSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { toPem, type TestCertificate } from '@org/pki';
import { DerReader, DerTag, derElement } from '@org/tls-crypto/der';
import type { Identity } from './endpoint.ts';

/**
 * Makes leaves with ECDSA P-256 keys by the thousand. Each is a copy of one that was made in the usual way, with a serial number and a key of
 * its own, signed by the root anew: that takes a tenth of the time, which nobody measures but everybody waits for.
 */
export class LeafMaker {
  readonly #tbs: Uint8Array;
  readonly #algorithm: Uint8Array;
  readonly #keyAt: number;
  readonly #serialEnd: number;
  readonly #issuerKey: KeyObject;

  /** @param template a leaf of `root` with a serial number of eight bytes or more, and a key on P-256 */
  constructor(root: TestCertificate, template: TestCertificate) {
    const certificate = new DerReader(template.certificateDer, 'the template').enter(DerTag.sequence);
    this.#tbs = certificate.element(DerTag.sequence).raw;
    this.#algorithm = certificate.element(DerTag.sequence).raw;
    const fields = new DerReader(this.#tbs, 'the template').enter(DerTag.sequence);
    fields.any(); // the version
    const serial = fields.contents(DerTag.integer);
    this.#serialEnd = serial.byteOffset - this.#tbs.byteOffset + serial.length;
    const key = createPublicKey(createPrivateKey(template.privateKeyPem)).export(spki);
    this.#keyAt = Buffer.from(this.#tbs).indexOf(key);
    if (this.#keyAt === -1) throw new Error('the template has another key');
    this.#issuerKey = createPrivateKey(root.privateKeyPem);
  }

  make(): Identity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: spki,
      privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    });
    const tbs = Uint8Array.from(this.#tbs);
    tbs.set(publicKey, this.#keyAt);
    randomFillSync(tbs, this.#serialEnd - serialRandomness, serialRandomness);
    const signature = sign('sha256', tbs, this.#issuerKey);
    const bitString = derElement(DerTag.bitString, Uint8Array.of(0), signature);
    const certificate = derElement(DerTag.sequence, tbs, this.#algorithm, bitString);
    return { chain: toPem('CERTIFICATE', certificate), key: privateKey };
  }
}

const spki = { format: 'der', type: 'spki' } as const;
/** So many bytes of a serial number are random. */
const serialRandomness = 8;
