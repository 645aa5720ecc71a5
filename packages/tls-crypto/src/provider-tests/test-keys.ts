import { DerTag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { parsePrivateKey } from '../keys/private-key.ts';
import { parseSpki } from '../keys/spki.ts';
import type { Curve, MlDsa, PrivateKeyInfo, PublicKeyInfo } from '../provider.ts';
import { fromBase64, fromHex } from './encoded-bytes.ts';
import { reference } from './reference.ts';

/** A private key that everybody knows. */
export interface TestKey {
  /** The key's name, which stands in the ids of cases. */
  readonly name: string;
  readonly pkcs8: Uint8Array;
}

/** The algorithm identifiers of one RSA key: a plain one, and those that are for RSASSA-PSS alone (RFC 4055 §1.2, §3.1). */
const rsaAlgorithms = {
  rsa: '300d06092a864886f70d0101010500',
  'rsa-pss': '300b06092a864886f70d01010a',
  'rsa-pss-sha256':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  'rsa-pss-sha384':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130',
} as const;

const curveIdentifiers: Readonly<Record<Curve, string>> = {
  secp256r1: '301306072a8648ce3d020106082a8648ce3d030107',
  secp384r1: '301006072a8648ce3d020106052b81040022',
  secp521r1: '301006072a8648ce3d020106052b81040023',
};

/** The private keys of RFC 6979 §A.2.5, §A.2.6 and §A.2.7. */
const curveSecrets: Readonly<Record<Curve, string>> = {
  secp256r1: 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721',
  secp384r1: '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
  secp521r1:
    '00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538',
};

/** The last arc of the identifier, which is 2.16.840.1.101.3.4.3.arc (RFC 9881 §2). */
const mlDsaArcs: Readonly<Record<MlDsa, string>> = { 'ml-dsa-44': '11', 'ml-dsa-65': '12', 'ml-dsa-87': '13' };

/** The private key of RFC 8032 §7.1, test 2. */
const ed25519Secret = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';

/** The RSAPrivateKey of RFC 7515 §A.2.1, of 2048 bits. */
const rsaPrivateKey = fromBase64(
  'MIIEowIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql' +
    'L+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo' +
    '7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2' +
    'PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBABKucaRpzQorw35SbEUAVx8dYXUdZOlJcHtiWQ+dC6V8ljxAHj/PLyzTveyI5QO/xkObCyjIL303l2cf' +
    'UhPu2MFaJdjVzqACXuOrLot/eSFvxjvqVidTtAZExqFRJ9mylUVAoLvhowVWmC1On95fZCXxTUtxNEG1Xcc7m0rtzJKs45J+N/V9DP1edYH6USyP' +
    'SWGp6wuA+KgHRnKKVf9GRx80JQY7nVNkL17eHoTWEwga+lwi0FEoW9Y7lDtWXYmKBWhUE+U8PGxlJf8f40493HDw1WRQ/aSLoS4QTp3rn7gYgeHE' +
    'vfJdkkf0UMhlknlo53M09EFPdadQ4TlUbjqKc50CgYEA4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH/5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l5' +
    '8BQ3KhooKeQTa9AB0Hw/Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn+nXqhJTBgIPgtldC+KDV5z+y2XDwGUcCgYEAuQPE' +
    'fgmVtjL0Uyyx88GZFF1fOunH3+7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD/YwD66t62wDmpe/HlB+TnBA' +
    '+njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdcCgYAHAp9XcCSrn8wVkMVkKdb7DOX4IKjzdahm+ctDAJN4O/y7OW5FKebv' +
    'UjdAIt2GuoTZ71iTG+7F0F+lP88jtjP4U4qe7VHoewl4MKOfXZKTe+YCS1XbNvfgwJ3Ltyl1OH9hWvu2yza7q+d5PCsDzqtm27kxuvULVeya+TEd' +
    'AB1ijQKBgQCH/3r6YrVH/uCWGy6bzV1nGNOdjKc9tmkfOJmN54dxdixdpozCQ6U4OxZrsj3FcOhHBsqAHvX2uuYjagqvo3cOj1TRqNocX40omfCC' +
    'Mx3bD1yPPf/6TI2XECva/ggqEY2mYzmIiA5LVVmc5nrybr+lssFKneeyxN2Wq93S0iJMdQKBgCGHewxzoa1r8ZMD0LETNrToK423K377UCYqXfg5' +
    'XMclbrjPbEC3YI1ZNqMtuhdBJqUnBi6tjKMF+34Xf0CUN8ncuXGO2CAYvO8PdyCixHX52ybaDjy1FtCE6yUXjoKNXKvUm7MWGsAYH6f4IegOetN5' +
    'NvmUMFStCSkh7ixZLkN1',
);

/** Writes a PrivateKeyInfo of version 0 (RFC 5958 §2). */
export function privateKeyInfo(algorithm: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return derElement(DerTag.sequence, Uint8Array.of(2, 1, 0), algorithm, derElement(DerTag.octetString, privateKey));
}

function ecKey(curve: Curve): TestKey {
  const secret = derElement(DerTag.octetString, fromHex(curveSecrets[curve]));
  const sec1 = derElement(DerTag.sequence, Uint8Array.of(2, 1, 1), secret);
  return { name: curve, pkcs8: privateKeyInfo(fromHex(curveIdentifiers[curve]), sec1) };
}

function rsaKey(name: keyof typeof rsaAlgorithms): TestKey {
  return { name, pkcs8: privateKeyInfo(fromHex(rsaAlgorithms[name]), rsaPrivateKey) };
}

/** Makes the key of the seed 00 01 02 … 1f, as RFC 9881 §C.1 does. */
function mlDsaKey(name: MlDsa): TestKey {
  const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
  const algorithm = fromHex(`300b06096086480165030403${mlDsaArcs[name]}`);
  return { name, pkcs8: privateKeyInfo(algorithm, Uint8Array.of(0x80, 32, ...seed)) };
}

/** One key of every type that a certificate may have, and RSASSA-PSS keys that are bound to a hash. */
export const testKeys = {
  rsa: rsaKey('rsa'),
  rsaPss: rsaKey('rsa-pss'),
  rsaPssSha256: rsaKey('rsa-pss-sha256'),
  rsaPssSha384: rsaKey('rsa-pss-sha384'),
  p256: ecKey('secp256r1'),
  p384: ecKey('secp384r1'),
  p521: ecKey('secp521r1'),
  ed25519: {
    name: 'ed25519',
    pkcs8: privateKeyInfo(fromHex('300506032b6570'), derElement(DerTag.octetString, fromHex(ed25519Secret))),
  },
  mlDsa44: mlDsaKey('ml-dsa-44'),
  mlDsa65: mlDsaKey('ml-dsa-65'),
  mlDsa87: mlDsaKey('ml-dsa-87'),
} as const satisfies Readonly<Record<string, TestKey>>;

export const allTestKeys: readonly TestKey[] = Object.values(testKeys);

/** Gives the key as a provider imports it. Each call makes buffers of its own. */
export function privateInfoOf({ pkcs8 }: TestKey): PrivateKeyInfo {
  return parsePrivateKey(pkcs8);
}

/** Gives the public half of the key, which the reference computes. */
export async function publicInfoOf(key: TestKey): Promise<PublicKeyInfo> {
  return parseSpki(await reference.importPrivateKey(privateInfoOf(key)).publicKeySpki);
}
