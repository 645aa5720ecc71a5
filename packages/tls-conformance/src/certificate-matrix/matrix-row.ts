// The script scripts/make-certificate-matrix.mjs writes this file.
import type { TlsErrorCode } from '@org/tls-core';
import type { CertificateFault } from '@org/tls-core/backend';

/** One chain of a server for `serverName`, by default `localhost`, and what its client has to answer. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** `accept`, or the codes of which the refusal must have one. */
  readonly verdict: 'accept' | readonly TlsErrorCode[];
  /** The fault that the refusal must name, by its advice; `undefined` where verifiers of good name find different ones. */
  readonly fault?: CertificateFault;
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
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH2rUdb+9DXjo0kM2cBt1PR3Vi8fy5uXckRUSNSTnNTGhRANCAASVwAt/u3S+YJFmRlhBkX0UR+dxQuDm44AuxpK0JFQak6K5H7tycx2lIVTITh89QbqVybdnnq++4JCvhfO1klK1';

/** The root as DER in Base64. */
export const matrixRoot =
  'MIIBjjCCATSgAwIBAgIRAKSP2lpnLxx2txYWf68g/fUwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDH82H0D3q0C6FAKtTz/U8dBIuqQqnuVM0LajO2JW+uKp2cZtUxw9IMx/4Wbpxo+9Z4IMxFzEuZuCzu1MMDmXKKjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSq6qKfAhNcKX07bfmk+GYoon91CTAfBgNVHSMEGDAWgBSq6qKfAhNcKX07bfmk+GYoon91CTAKBggqhkjOPQQDAgNIADBFAiBuoG+PlGsgpmEpG6avsVEmqL7GrHeTerRgtDNn8dFS4QIhANVmTzG0gu6hCQaSRa0ZD8awZJbRGzZ4JPJStHpUCyDP';

/** The root as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), as DER in Base64. */
export const matrixAnchor = {
  subject: 'MBYxFDASBgNVBAMMC01hdHJpeCBSb290',
  subjectPublicKeyInfo:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMfzYfQPerQLoUAq1PP9Tx0Ei6pCqe5UzQtqM7Ylb64qnZxm1THD0gzH/hZunGj71nggzEXMS5m4LO7UwwOZcog==',
};

/** Leaves for `localhost` that only some configurations accept: one that must staple (RFC 7633), one without an extKeyUsage, and an
 * expired one for clients. */
export const matrixLeaves = {
  mustStaple:
    'MIIByDCCAW6gAwIBAgIQaEvyvAEvr5YGkR0yFO/2oTAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJXAC3+7dL5gkWZGWEGRfRRH53FC4ObjgC7GkrQkVBqTorkfu3JzHaUhVMhOHz1BupXJt2eer77gkK+F87WSUrWjgZ8wgZwwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBRjHZW/SGUJP9Ynw+DlKFRUBrpUjTAfBgNVHSMEGDAWgBSq6qKfAhNcKX07bfmk+GYoon91CTARBggrBgEFBQcBGAQFMAMCAQUwCgYIKoZIzj0EAwIDSAAwRQIgfl7SAQyrlx1jNvx7eOfFTNx6Te8/vQy3JODKaBBg3pICIQCiaYvNsqfX4h3W3WD3N9UfMFzVcmhkmniRoGk3H/BytQ==',
  withoutEku:
    'MIIBnjCCAUWgAwIBAgIRAKnRzibO2q6BU4LfT05hko0wCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASVwAt/u3S+YJFmRlhBkX0UR+dxQuDm44AuxpK0JFQak6K5H7tycx2lIVTITh89QbqVybdnnq++4JCvhfO1klK1o3YwdDAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAUBgNVHREEDTALgglsb2NhbGhvc3QwHQYDVR0OBBYEFGMdlb9IZQk/1ifD4OUoVFQGulSNMB8GA1UdIwQYMBaAFKrqop8CE1wpfTtt+aT4Ziiif3UJMAoGCCqGSM49BAMCA0cAMEQCIBGN/CHUne1YtK1dqfEbwAxuzjVSr43V2YMKcE9fZvaMAiB7tJa69H9m6hVPWcK/OQOIkiNixzKqcopuQn5P9bDqjg==',
  expiredClient:
    'MIIBtjCCAVugAwIBAgIQMX2FV178zzuOobXb6kv3rTAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0wMTAxMDEwMDAwMDBaFw0wMjAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJXAC3+7dL5gkWZGWEGRfRRH53FC4ObjgC7GkrQkVBqTorkfu3JzHaUhVMhOHz1BupXJt2eer77gkK+F87WSUrWjgYwwgYkwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwIwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBRjHZW/SGUJP9Ynw+DlKFRUBrpUjTAfBgNVHSMEGDAWgBSq6qKfAhNcKX07bfmk+GYoon91CTAKBggqhkjOPQQDAgNJADBGAiEAk5nhIhbUUBVb6PKHoQAskYF3sm8dgbu2/S73TQUbL6ECIQChvvXwNv50nZ28iPLRgwBVKmMBv9NWX2DHxdWz57D24g==',
};
