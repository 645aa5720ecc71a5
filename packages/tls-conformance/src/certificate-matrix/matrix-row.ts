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
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwOE1EFomAsVzZVQa1yB3hMs8EEWJRHTBS+dQypKDh8ihRANCAATo5ebXLEPwUtd+llVp008sYUVQY5Fyf5f5kmt9oOAUh3vrgORg7109iT36jPmCvqYp4EZZsdM4nmDLrqpY3K+2';

/** The root as DER in Base64. */
export const matrixRoot =
  'MIIBjTCCATSgAwIBAgIRAPtkjHGxpgvi10MdpFJvPg0wCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEZ/BH/eAQzZDm0+BKfoAnOtC7zdlkuwWdpyj4uy91TvvCcUUgnPCyDcbW5gU5J8fxXA+BB8ov6KBjO2qMLZcZyjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSUPOM4Mh8VM+ZjyumCYNYoxt8H5zAfBgNVHSMEGDAWgBSUPOM4Mh8VM+ZjyumCYNYoxt8H5zAKBggqhkjOPQQDAgNHADBEAiAcfrbYiQulpQfuYP0/poOliV+Kjwu+oTI70ilFAhYo/gIgOhN8oO4WPbjDzgQobIsuC85TuysvNR1bvBwFOjeOH0o=';

/** The root as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), as DER in Base64. */
export const matrixAnchor = {
  subject: 'MBYxFDASBgNVBAMMC01hdHJpeCBSb290',
  subjectPublicKeyInfo:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERn8Ef94BDNkObT4Ep+gCc60LvN2WS7BZ2nKPi7L3VO+8JxRSCc8LINxtbmBTknx/FcD4EHyi/ooGM7aowtlxnA==',
};

/** Leaves for `localhost` that only some configurations accept: one that must staple (RFC 7633), one without an extKeyUsage, and an
 * expired one for clients. */
export const matrixLeaves = {
  mustStaple:
    'MIIByDCCAW6gAwIBAgIQPLphsrot9tFB3zb5YZhOjTAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOjl5tcsQ/BS136WVWnTTyxhRVBjkXJ/l/mSa32g4BSHe+uA5GDvXT2JPfqM+YK+pingRlmx0zieYMuuqljcr7ajgZ8wgZwwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBRbvMKCm2L0BITP/aFXDT0NWQ9uozAfBgNVHSMEGDAWgBSUPOM4Mh8VM+ZjyumCYNYoxt8H5zARBggrBgEFBQcBGAQFMAMCAQUwCgYIKoZIzj0EAwIDSAAwRQIhAO5ywpjA3bWtGSKRHk6Y3gMGIgGD6+8ZA3GsVA6KxOeZAiBM3Ivmpuo7ulFUhRuT0p14MGjgMV+7VjaqLMeR/3LwSw==',
  withoutEku:
    'MIIBnjCCAUSgAwIBAgIQF1Ll4uUuEwOlXsHDIifzSzAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOjl5tcsQ/BS136WVWnTTyxhRVBjkXJ/l/mSa32g4BSHe+uA5GDvXT2JPfqM+YK+pingRlmx0zieYMuuqljcr7ajdjB0MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUW7zCgpti9ASEz/2hVw09DVkPbqMwHwYDVR0jBBgwFoAUlDzjODIfFTPmY8rpgmDWKMbfB+cwCgYIKoZIzj0EAwIDSAAwRQIhAOhPEbILp1xuo5cEN8BtXczu3mEM3s/OFoitqH3R+uGoAiBDXH+5CobqwaarKadKih3emwgMiv0WbVnHYWFwTATApQ==',
  expiredClient:
    'MIIBtjCCAVugAwIBAgIQX0tK2aUpPbUaC0gfqcxQEDAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDAeFw0wMTAxMDEwMDAwMDBaFw0wMjAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOjl5tcsQ/BS136WVWnTTyxhRVBjkXJ/l/mSa32g4BSHe+uA5GDvXT2JPfqM+YK+pingRlmx0zieYMuuqljcr7ajgYwwgYkwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwIwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBRbvMKCm2L0BITP/aFXDT0NWQ9uozAfBgNVHSMEGDAWgBSUPOM4Mh8VM+ZjyumCYNYoxt8H5zAKBggqhkjOPQQDAgNJADBGAiEAovTqDfUTgXkAgNweKQ5OTmQE3qtI9faOZCm71TmBEJgCIQCCMe5HnanYrf0DbxYCSREzeSUlcghEywD3yg/uQwJSBg==',
};
