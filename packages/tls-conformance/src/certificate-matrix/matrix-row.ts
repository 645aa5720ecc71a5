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
  /** The leaf for the matrix's RSA key, which differs from the first of the chain by that alone. */
  readonly rsaLeaf: string;
  readonly serverName?: string;
  /** The root to trust, where it is another one than the matrix's. */
  readonly trust?: string;
  /** Whether a server may refuse to load the chain. */
  readonly mayNotLoad?: boolean;
}

/** The private keys as PKCS#8 in Base64. */
export const matrixPrivateKey =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxCvNKv27wARVliek8EF4ZEORVUbb7Acw/nftC/xGQ92hRANCAAR0+rYKq9GijMS48L6MoQwsX9iKUS5hrXP2RCvOl+t+Mdvxs4YiH1Fwc7aLwrP51mnv9LXqKlL6sXn4elZBn9kF';
export const matrixRsaPrivateKey =
  'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDGtsYobjSLtqZJy1T2UcF66OnqHLIXolDruNj1sBNw+0O2mon4UzTpyCwT7dEUhuULW95azesOO3a8kipXRDnOjLmnz1bLHCHQIoHwnGKHmUUDDxuSU8x160z7EyvenM4oRWcFBJ6y8dG+V7yg/LeAKL7Dmdb4u/b/LZJ0FlgU8a0Xbokay3cfRMootgHl+SsZmQkKwwT8HVpoVmG7bpaeAm48n6ClYz2W3+e7lnXRAGJDgpF6Ob51HT1a81Uwcr2CTeDMcPhKnt0FLA1hz1cYY+HKwTDs376dmuEzpuzkdAb9uYtVA3LQhmQkQ9Kk0dmMFM04Qtk0GhcuibNQ6t4DAgMBAAECggEAB0v12c02K70wvPv06jiVULSVxk14cqq4qvc2LEtjY14undlt4Ir5oe4CRFcSuty7M2ATuaTfET44vXLmkB7GuqFrPdC8wKePTEvAFrw/V/hWUubuncBq/Rd/U6bgEQQUA+GMh2AkjbCYgZNKL2UoPdIBM0CGZsrMJpGfU5jwchBfOMMKCeG48MHwRyhdEvgvtA2cCNyID2uf4mw0uoI8QCziBHTRkPmU7cNaxRUmI+viS4TuNoXS2V4JruVbQ+4tK/kW0TN3VrbknpbdVeEUssEwLB28sE89TqOYRs2HLUfovMyhOPApDAdEFH4b/rTLWG1JUBkL4Q64ojEmxuv15QKBgQDixfzJOFSDR28keULp3mPJsUQp78uweU96CjWiQWUJ6lbkbt59QJfskMTdFwQBp8L2refFGy23o31a3i0ayocJ/pHC8fDUjb6PlVAr2cue+JuzBkTGplVA+u3J5fTQ/aBy4ATjL4XXk+PKA1wvU11qV90iSj7DO2IkRwyKYNB97wKBgQDgUwMjF06Zy7hjqs6boz2nKplDegIiyLp7rORBcs6x1mNyQgss4iVFEqDPIXgZ8dBpktCZ5k2tA9jl86Xs0VDo2Pgwi5c4MksfzWuo29mIKjgZx1COA4e2Zr4DomTTvn/2jBZqmWcOQ+OI3iHUDyZ0EugtalWTAizx5yOy5zH1LQKBgQC66jn7mQR/2GdRhumSXo2ddxEaB966LKNHkha3EHO5gn/wdTnJv235vTGmkgvpWV+nd5vrqQU7sfPm6+39gSVhJYT7S/QXHmYNbyLPogrlk0CyhN43Zm4qyykoGvR5NjQDu4YLw+Xr1KgSoEZhc7Mxrg5E7zFgNhgkkrNRc48l3QKBgQCzT2e4iw7XPNKdSJFyMyA7GX/9Qe+nIlB+P4sNDdpOqRJA6K3KKNKlzegg6Z35DyQK38JC4qbAX8zmssW08PP9zEFHfK1ZzEnkl+0wwtu1Thod8QZhHk1C7gmBGjQCVcovp3bbqteHvZiJdRYRTjLsoZhZhR/2LM0EaEBO5yM12QKBgBCjAtqNbAmN4wQJ//FcajyQOIphtNHfjpPtnqAqOLqVNfNmoSKTF0fepavFt8I++GaNX6SLxMiPdGil5BsQeRhcZnBih6JNo4+IlelwuEpdsK1/t6MpVp5E8vG/JJpApoDsYn9k1LC/i0J5mhSUWPhY9l0w3vCNCuaTMX/5vOAF';

/** The root as DER in Base64. */
export const matrixRoot =
  'MIIBjjCCATSgAwIBAgIRAJ/YnIvNdELNI4K020CyfdwwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAWMRQwEgYDVQQDDAtNYXRyaXggUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBr8DPJEUj+cQ80G1n98ElfZBHX0eVdWfVA9+D3bcekLaY7sEE+KcaYJUCkL7EqOu5GwSfw5B9glcL4sH1A7nSCjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBT91uMOrEJy1ZovXLCpBbeO7z8WETAfBgNVHSMEGDAWgBT91uMOrEJy1ZovXLCpBbeO7z8WETAKBggqhkjOPQQDAgNIADBFAiBOdR0rvzfhTUgOY3hjU45fJETsWGbw60gwHdYP815SAAIhAM9sUPbi3rbNCCjKZR80fgr31la2haNfklwQpUfLhK/v';

/** The root as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), as DER in Base64. */
export const matrixAnchor = {
  subject: 'MBYxFDASBgNVBAMMC01hdHJpeCBSb290',
  subjectPublicKeyInfo:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGvwM8kRSP5xDzQbWf3wSV9kEdfR5V1Z9UD34Pdtx6QtpjuwQT4pxpglQKQvsSo67kbBJ/DkH2CVwviwfUDudIA==',
};

/** Leaves for `localhost` that only some configurations accept: one that must staple (RFC 7633), one without an extKeyUsage, and an
 * expired one for clients. */
export const matrixLeaves = {
  mustStaple:
    'MIIByTCCAW+gAwIBAgIRALAb540Q0p3saa6Lgk+8EckwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR0+rYKq9GijMS48L6MoQwsX9iKUS5hrXP2RCvOl+t+Mdvxs4YiH1Fwc7aLwrP51mnv9LXqKlL6sXn4elZBn9kFo4GfMIGcMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUBvyF8kUVTi/6fI/29W3o9UlfmzAwHwYDVR0jBBgwFoAU/dbjDqxCctWaL1ywqQW3ju8/FhEwEQYIKwYBBQUHARgEBTADAgEFMAoGCCqGSM49BAMCA0gAMEUCIQDePKCfzMXYDk+MweEU25agW2awfMPJoQGBwb9oSt+gowIgZDRnpMVN3MWNungTPRPxYoJC7czijMOjQ13sYbSr7Pc=',
  withoutEku:
    'MIIBoDCCAUWgAwIBAgIRALryzPLCiKhB952j8QfmuQQwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR0+rYKq9GijMS48L6MoQwsX9iKUS5hrXP2RCvOl+t+Mdvxs4YiH1Fwc7aLwrP51mnv9LXqKlL6sXn4elZBn9kFo3YwdDAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAUBgNVHREEDTALgglsb2NhbGhvc3QwHQYDVR0OBBYEFAb8hfJFFU4v+nyP9vVt6PVJX5swMB8GA1UdIwQYMBaAFP3W4w6sQnLVmi9csKkFt47vPxYRMAoGCCqGSM49BAMCA0kAMEYCIQDwYXJbq36lTp7iahqPuMAPHR055BEy0Vdngf2BwFVzugIhAKE5DtlnfrcpeAVy/0vHD2hdS9oxiukZQ5xWArHuWMJy',
  expiredClient:
    'MIIBtzCCAVygAwIBAgIRALmqgnlGP4pb2R/CLgl3JkIwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLTWF0cml4IFJvb3QwHhcNMDEwMTAxMDAwMDAwWhcNMDIwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR0+rYKq9GijMS48L6MoQwsX9iKUS5hrXP2RCvOl+t+Mdvxs4YiH1Fwc7aLwrP51mnv9LXqKlL6sXn4elZBn9kFo4GMMIGJMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUBvyF8kUVTi/6fI/29W3o9UlfmzAwHwYDVR0jBBgwFoAU/dbjDqxCctWaL1ywqQW3ju8/FhEwCgYIKoZIzj0EAwIDSQAwRgIhAJQuhRaPD+s0mWWYTSzB4nM0I+50gxkO6gflhbD07dmcAiEAkQkTGwr5mPWwMu0bnrG6nY/1Jsan26UBw8n40pcrDa0=',
};
