import { mutantsOf, type Mutant } from '../mutant.ts';

const verifier = 'packages/node-tls/test/context/peer-verifier.test.ts';
const untrustedKeys = 'packages/node-tls/test/context/untrusted-keys.test.ts';
const oddValues = 'packages/node-tls/test/odd-values.test.ts';
const contexts = 'packages/node-tls/test/context/secure-context.test.ts';
const connecting = 'packages/node-tls/test/connect.test.ts';
const serving = 'packages/node-tls/test/server.test.ts';
const functions = 'packages/node-tls/test/context/tls-functions.test.ts';

/** Checks of what stands where node:tls stood: peers as OpenSSL judges them, and options that must not be passed over. */
export const nodeTlsMutants: readonly Mutant[] = [
  ...mutantsOf('packages/node-tls/src/context/peer-verifier.ts', verifier, [
    {
      id: 'form-let-pass-under-name-constraints',
      find: 'path.slice(1).every(({ nameConstraints }) => nameConstraints === undefined)',
      replace: 'path.length > 0',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/chain-building.ts', verifier, [
    {
      id: 'root-of-the-same-name-as-openssl',
      find: '!equalBytes(trusted.der, top.der)',
      replace: 'trusted.der.length + top.der.length === 0',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/certificate-store.ts', verifier, [
    {
      id: 'intermediate-that-ends-a-chain',
      find: 'trust.allowsPartialChain || isSelfSigned(certificate)',
      replace: 'trust.allowsPartialChain || certificate.der.length > 0',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/chain-faults.ts', verifier, [
    { id: 'critical-extension-as-openssl', find: 'certificate.unknownCritical.length > 0', replace: 'index < 0' },
    { id: 'authority-as-openssl', find: 'return isAuthority(certificate);', replace: 'return true;' },
    {
      id: 'purpose-as-openssl',
      find: 'if (!isForPurpose(certificate, purpose, index === 0))',
      replace: 'if (index < 0)',
    },
    { id: 'path-length-as-openssl', find: 'limit !== undefined && authoritiesBelow > limit', replace: 'index < 0' },
    {
      id: 'signature-as-openssl',
      find: 'isVouchedFor && !isSignedBy(subject, issuer)',
      replace: '!isVouchedFor && !isSignedBy(subject, issuer)',
    },
    { id: 'time-as-openssl', find: 'if (late !== undefined) yield late;', replace: 'void late;' },
    {
      id: 'common-name-under-name-constraints',
      find: '[...extensionFaults(path, purpose), ...commonNameFaults(path)]',
      replace: '[...extensionFaults(path, purpose)]',
    },
    {
      id: 'purpose-of-a-proven-path-as-openssl',
      find: '[...extensionFaults(path, purpose), ...commonNameFaults(path)]',
      replace: '[...commonNameFaults(path)]',
    },
    {
      id: 'authority-between-as-openssl',
      find: 'isBetween && certificate.basicConstraints?.cA !== true',
      replace: 'isBetween && index < 0',
    },
    {
      id: 'netscape-type-as-openssl',
      find: '(type & NetscapeTypeBit[purpose]) === 0',
      replace: 'type < 0',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/chain-faults.ts', untrustedKeys, [
    { id: 'keys-behind-a-wrong-signature', find: 'isVouchedFor = false;', replace: '' },
    {
      id: 'keys-behind-a-bad-form',
      find: 'signatureFaults(chain, rules, ofForm.length === 0)',
      replace: 'signatureFaults(chain, rules, true)',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/cipher-strings.ts', contexts, [
    { id: 'security-level-that-nobody-keeps', find: 'if (level !== undefined)', replace: "if (level === '')" },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/connect.ts', oddValues, [
    {
      id: 'rejectUnauthorized-that-is-inherited',
      find: "Object.hasOwn(options, 'rejectUnauthorized')",
      replace: "'rejectUnauthorized' in options",
    },
    {
      id: 'checkServerIdentity-that-is-inherited',
      find: "Object.hasOwn(options, 'checkServerIdentity')",
      replace: "'checkServerIdentity' in options",
    },
  ]),
  ...mutantsOf('packages/node-tls/src/context/revocation-lists.ts', verifier, [
    { id: 'list-that-is-missing', find: "yield 'unableToGetCrl';", replace: '' },
    { id: 'list-out-of-date-as-openssl', find: '!(time < list.nextUpdate)', replace: 'time < 0' },
    { id: 'list-of-somebody-else', find: '!list.isSignedWith(issuer)', replace: 'time < 0' },
    { id: 'list-of-who-may-not-sign-lists', find: '!allowsKeyUse(issuer, KeyUsageBit.cRLSign)', replace: 'time < 0' },
    { id: 'newest-list', find: 'other.thisUpdate - one.thisUpdate', replace: '0 * one.thisUpdate' },
    { id: 'critical-extension-of-a-list-as-openssl', find: "yield 'criticalCrlExtension';", replace: '{}' },
    { id: 'list-of-other-certificates', find: 'each.covers[kind] &&', replace: '' },
    { id: 'revoked-as-openssl', find: "yield 'revoked';", replace: '{}' },
  ]),
  ...mutantsOf('packages/node-tls/src/context/protocol-versions.ts', contexts, [
    { id: 'lowest-version-of-node', find: 'order.indexOf(version) >= order.indexOf(min) &&', replace: '' },
    { id: 'versions-that-are-turned-off', find: '=== 0,', replace: '>= 0 || turnedOff !== 0,' },
  ]),
  ...mutantsOf('packages/node-tls/src/context/session-buffer.ts', functions, [
    {
      id: 'session-of-another-make',
      find: '!buffer.subarray(0, mark.length).equals(mark)',
      replace: 'mark.length === 0',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/connect.ts', connecting, [
    {
      id: 'verification-that-anything-turns-off',
      find: 'options.rejectUnauthorized !== false',
      replace: 'options.rejectUnauthorized === true',
      tests: 'rejectUnauthorized: ',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/peer-judge.ts', connecting, [
    {
      id: 'peer-that-is-only-written-down',
      find: 'if (this.#error !== undefined && this.#options.rejects)',
      replace: 'if (this.#error !== undefined && this.#path.length < 0)',
      tests: 'is refused with',
    },
    {
      id: 'name-that-nobody-checks',
      find: 'this.#error = error ?? this.#checkIdentity(chain);',
      replace: 'this.#error = error;',
      tests: 'is refused with ERR_TLS_CERT_ALTNAME_INVALID',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/client-engine.ts', connecting, [
    {
      id: 'resumed-peer-that-nobody-judges',
      find: 'verifyResumedPeer: true,',
      replace: 'verifyResumedPeer: false,',
      tests: 'made without trust',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/peer-judge.ts', serving, [
    {
      id: 'client-without-a-certificate-that-is-trusted',
      find: 'return hasProvenKey ? undefined :',
      replace: 'return !hasCertificate ? undefined :',
      tests: 'says why the client',
    },
  ]),
  ...mutantsOf('packages/node-tls/src/socket/connection-plan.ts', serving, [
    {
      id: 'client-that-nobody-judges',
      find: 'this.#judge = requestCert ?',
      replace: 'this.#judge = requestCert === true && rejects === !rejects ?',
      tests: 'requestCert refuses',
    },
  ]),
];
