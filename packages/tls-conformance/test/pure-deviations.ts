/** What tls-pure still does otherwise; each must still fail. */
export const pureClientDeviations: Readonly<Record<string, string>> = {
  'key-share/not-offered': 'keyShares is not checked against groups',
};

/** As `pureClientDeviations`, of two that are both pure. */
export const pureDeviations: Readonly<Record<string, string>> = {
  ...pureClientDeviations,
  'client-authentication/resumed-1.3': 'a client that resumes in TLS 1.3 forgets clientSignatureScheme',
  'record-size/padding-within-limit': 'recordPadding goes over the peer’s record_size_limit',
};
