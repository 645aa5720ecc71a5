// The script scripts/make-certificate-matrix.mjs writes this file.
import type { TlsErrorCode } from '@org/tls-core';

/** One chain of a server for `serverName`, by default `localhost`, and what its client has to answer. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** `accept`, or the codes of which the refusal must have one. */
  readonly verdict: 'accept' | readonly TlsErrorCode[];
  /** The certificates as DER in Base64, leaf first; all leaves have the matrix's key. */
  readonly chain: readonly string[];
  readonly serverName?: string;
  /** The root to trust, where it is another one than the matrix's. */
  readonly trust?: string;
  /** Whether a server may refuse to load the chain. */
  readonly mayNotLoad?: boolean;
}

/** The private key as PKCS#8 in Base64. */
export const matrixPrivateKey =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5++hY8Z8jnLGyd4KGQkiEUp8d6S7U5BeiXCFJBFrQ+OhRANCAAQmtFSooA81F718EL7exPLr7TK91pk6sUIsiYRSMwbapQaknZDAY0HDYfIQRduUdh9hf8e0f94ODxMs5niPvDp5';

/** The root as DER in Base64. */
export const matrixRoot =
  'MIIBjzCCATSgAwIBAgIRAKdNI5qNvKo03eMH1+kEIqwwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBvdILcesrvgc6obHi9sjsIRtrj2347UO1ijZ4C/iCtExUlkRS1sdXfmvBqw/ubkQDNu2DqBt9pclcU6NJpzc8ejYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBRGc269YLPHAtWnRRaJrcWeZ/lMqjAfBgNVHSMEGDAWgBRGc269YLPHAtWnRRaJrcWeZ/lMqjAKBggqhkjOPQQDAgNJADBGAiEA/ecxVewziYzMfAPiTth/s/y5Gwu0oM95751lvQ1IC80CIQCX2Uf6Tsms8ouDMKAmSbmnSGaBJkDYK0kLoYUfOQdZ0A==';

/** The root as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), as DER in Base64. */
export const matrixAnchor = {
  subject: 'MBYxFDASBgNVBAMMC01hdHJpeCBSb290',
  subjectPublicKeyInfo:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEG90gtx6yu+BzqhseL2yOwhG2uPbfjtQ7WKNngL+IK0TFSWRFLWx1d+a8GrD+5uRAM27YOoG32lyVxTo0mnNzxw==',
};

/** Leaves for `localhost` that only some configurations accept: one that must staple (RFC 7633), one without an extKeyUsage, and an
 * expired one for clients. */
export const matrixLeaves = {
  mustStaple:
    'MIIByDCCAW+gAwIBAgIRALsfy/s2FePgSmczyiBjxtswCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQmtFSooA81F718EL7exPLr7TK91pk6sUIsiYRSMwbapQaknZDAY0HDYfIQRduUdh9hf8e0f94ODxMs5niPvDp5o4GfMIGcMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUQ7y75e2b+I6LegpozdPUsUOzE+MwHwYDVR0jBBgwFoAURnNuvWCzxwLVp0UWia3Fnmf5TKowEQYIKwYBBQUHARgEBTADAgEFMAoGCCqGSM49BAMCA0cAMEQCIBEBajTquj2a0ENSm8fMgCyLkL8I3EOPREK02Xn09NYMAiBXxqfbe08vkjQE+ycFw5k8SKAhMHW8BRbJetweLdphZA==',
  withoutEku:
    'MIIBnjCCAUSgAwIBAgIQLYnbFsyhJIscIoqk7X8FJzAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCa0VKigDzUXvXwQvt7E8uvtMr3WmTqxQiyJhFIzBtqlBqSdkMBjQcNh8hBF25R2H2F/x7R/3g4PEyzmeI+8OnmjdjB0MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUQ7y75e2b+I6LegpozdPUsUOzE+MwHwYDVR0jBBgwFoAURnNuvWCzxwLVp0UWia3Fnmf5TKowCgYIKoZIzj0EAwIDSAAwRQIgYG7lPccaUOZhteIlbnPQOMcpYT2iQTYkp99lVM85bkACIQDwd5+DSgOTMTBlNPo01zXJbrQ3SwBjzQ1x0a/ykuXllw==',
  expiredClient:
    'MIIBtjCCAVugAwIBAgIQatkGtF+422YTpcljjmh/DDAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0wMTAxMDEwMDAwMDBaFw0wMjAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCa0VKigDzUXvXwQvt7E8uvtMr3WmTqxQiyJhFIzBtqlBqSdkMBjQcNh8hBF25R2H2F/x7R/3g4PEyzmeI+8OnmjgYwwgYkwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwIwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBRDvLvl7Zv4jot6CmjN09SxQ7MT4zAfBgNVHSMEGDAWgBRGc269YLPHAtWnRRaJrcWeZ/lMqjAKBggqhkjOPQQDAgNJADBGAiEA/t+3e3Cfr1pj1n5fyIpW8eqQKk+w9RyiHSdy43MOvNUCIQCZQ94IzDg32myWK22QM0xL5I6oHUSg5I4VTHxnp7fYOQ==',
};
