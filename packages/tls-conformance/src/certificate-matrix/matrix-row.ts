// Made by scripts/make-certificate-matrix.mjs.
import type { TlsErrorCode } from '@org/tls-core';

/** One chain of a server for `serverName`, by default `localhost`, and what its client has to say of it. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** `accept`, or the codes one of which the refusal has. */
  readonly verdict: 'accept' | readonly TlsErrorCode[];
  /** DER in Base64, leaf first; all leaves have the matrix's key. */
  readonly chain: readonly string[];
  readonly serverName?: string;
  /** The root to trust, where it is another one than the matrix's. */
  readonly trust?: string;
  /** A server may refuse to load it. */
  readonly mayNotLoad?: boolean;
}

/** PKCS#8, Base64. */
export const matrixPrivateKey =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0dtAck6EPyRghYvFb4Jvf7EcgXWl2Ojce2EIxt/IYkWhRANCAATFHomNvV4oSe+8g1rWoRwZFb6V/AhNhe9hRKNgoLybKg1PN7bq9IjeyZqVrO3tINSPobSyM76t559LdIeV7mig';

/** DER, Base64. */
export const matrixRoot =
  'MIIBjDCCATOgAwIBAgIQR39/tywd7rAm2gpTHKpNczAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBYxFDASBgNVBAMMC01hdHJpeCBSb290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENcOkq+kh+sOKMFXLMb6s9t/sNJJfgxZ4Iy+sAqx7Z7y98W0KCwO9e7iqn9ExNrE8u3W5ORJO/WVXuJUbQsuQkaNjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFMP4nE1I0v9VfCkJpvk5qiH1HZL3MB8GA1UdIwQYMBaAFMP4nE1I0v9VfCkJpvk5qiH1HZL3MAoGCCqGSM49BAMCA0cAMEQCIATBBTAkmLpRiTacQMDtJBOfC6pgWdDQLM41B6Cf/BuRAiBlj3JHtzqfvqw2NJVb5k0lXh3Oiplwqu7GphH3vc7M6Q==';

/** The same as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), DER, Base64. */
export const matrixAnchor = {
  subject: 'MBYxFDASBgNVBAMMC01hdHJpeCBSb290',
  subjectPublicKeyInfo:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENcOkq+kh+sOKMFXLMb6s9t/sNJJfgxZ4Iy+sAqx7Z7y98W0KCwO9e7iqn9ExNrE8u3W5ORJO/WVXuJUbQsuQkQ==',
};

/** Leaves for `localhost` that only some configurations accept: one that must staple (RFC 7633), and one without an extKeyUsage. */
export const matrixLeaves = {
  mustStaple:
    'MIIByTCCAW+gAwIBAgIRAOnSfsDYZWzI7k3lsQQ3/SIwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATFHomNvV4oSe+8g1rWoRwZFb6V/AhNhe9hRKNgoLybKg1PN7bq9IjeyZqVrO3tINSPobSyM76t559LdIeV7migo4GfMIGcMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUP4+3YG4ztAmL+JUJcUVNC7GAZ14wHwYDVR0jBBgwFoAUw/icTUjS/1V8KQmm+TmqIfUdkvcwEQYIKwYBBQUHARgEBTADAgEFMAoGCCqGSM49BAMCA0gAMEUCIQDyjn/xCRHFlHvwgrvENfQ9VU7a3q6CqTJzqB4a77CmWQIgDSb+88sudRG2135ZbjjVmcg+pHhJcWLAHk/yEdtdJ1w=',
  withoutEku:
    'MIIBnzCCAUSgAwIBAgIQCiwpKqOG7vs/+2eVgwZJZTAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMUeiY29XihJ77yDWtahHBkVvpX8CE2F72FEo2CgvJsqDU83tur0iN7JmpWs7e0g1I+htLIzvq3nn0t0h5XuaKCjdjB0MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUP4+3YG4ztAmL+JUJcUVNC7GAZ14wHwYDVR0jBBgwFoAUw/icTUjS/1V8KQmm+TmqIfUdkvcwCgYIKoZIzj0EAwIDSQAwRgIhAK+pb8ygyLag7e3s6rJ4Zlo96Q8zreRLqSn8KcKkdnf+AiEA8aM/OUI4/m2uc6cn6GvW0cmPUS1dKrtgw2Y/prfBoXE=',
};
