import { concatBytes } from '@org/tls-core/backend';
import { nobleCrypto } from '@org/tls-crypto/noble';
import type { MlDsa } from '@org/tls-crypto';
import { contextTag, DerTag, derElement } from '@org/tls-crypto/der';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { mlDsaAlgorithmIdentifiers, mlDsaPkcs8 } from '@org/pki';

/** A root and a leaf for localhost, both with keys of ML-DSA. */
export interface MlDsaChain {
  readonly root: Uint8Array;
  readonly leaf: Uint8Array;
  /** PKCS#8 of the leaf's key. */
  readonly privateKey: Uint8Array;
}

export async function mlDsaChain(type: MlDsa): Promise<MlDsaChain> {
  const rootKey = mlDsaPkcs8(type, { seed: new Uint8Array(32).fill(1) });
  const privateKey = mlDsaPkcs8(type, { seed: new Uint8Array(32).fill(2) });
  const issuer = { type, name: 'ML-DSA root', key: rootKey };
  const root = await certificate(issuer, { name: 'ML-DSA root', key: rootKey, extensions: caExtensions });
  const leaf = await certificate(issuer, { name: 'ML-DSA leaf', key: privateKey, extensions: localhostExtensions });
  return { root, leaf, privateKey };
}

interface Issuer {
  readonly type: MlDsa;
  readonly name: string;
  readonly key: Uint8Array;
}

interface Subject {
  readonly name: string;
  readonly key: Uint8Array;
  readonly extensions: readonly string[];
}

async function certificate(issuer: Issuer, { name, key, extensions }: Subject): Promise<Uint8Array> {
  const algorithm = mlDsaAlgorithmIdentifiers[issuer.type];
  const spki = await nobleCrypto.importPrivateKey(parsePrivateKey(key)).publicKeySpki;
  const tbsCertificate = derElement(
    DerTag.sequence,
    derElement(contextTag(0, true), Uint8Array.of(DerTag.integer, 1, 2)), // v3
    Uint8Array.of(DerTag.integer, 1, 7),
    algorithm,
    nameOf(issuer.name),
    validity,
    nameOf(name),
    spki,
    derElement(contextTag(3, true), derElement(DerTag.sequence, ...extensions.map((each) => Buffer.from(each, 'hex')))),
  );
  const signer = nobleCrypto.importPrivateKey(parsePrivateKey(issuer.key));
  const signature = await signer.sign({ type: issuer.type }, tbsCertificate);
  return derElement(
    DerTag.sequence,
    tbsCertificate,
    algorithm,
    derElement(DerTag.bitString, concatBytes([Uint8Array.of(0), signature])),
  );
}

function nameOf(commonName: string): Uint8Array {
  const type = Uint8Array.of(DerTag.objectIdentifier, 3, 0x55, 4, 3);
  const value = derElement(DerTag.utf8String, Buffer.from(commonName));
  return derElement(DerTag.sequence, derElement(DerTag.set, derElement(DerTag.sequence, type, value)));
}

const validity = derElement(DerTag.sequence, utcTime('200101000000Z'), utcTime('491231235959Z'));

function utcTime(text: string): Uint8Array {
  return derElement(DerTag.utcTime, Buffer.from(text));
}

/** basicConstraints with cA, keyUsage with keyCertSign. */
const caExtensions = ['300f0603551d130101ff040530030101ff', '300e0603551d0f0101ff040403020204'];
/** subjectAltName with the dNSName localhost, keyUsage with digitalSignature (RFC 9881 §5). */
const localhostExtensions = ['30140603551d11040d300b82096c6f63616c686f7374', '300e0603551d0f0101ff040403020780'];
