import { mutantsOf, type Mutant } from '../mutant.ts';

const revocation = 'packages/x509/test/revocation.test.ts';
const ocsp = 'packages/x509/test/ocsp.test.ts';
const transparency = 'packages/x509/test/certificate-transparency.test.ts';
const pathWork = 'packages/x509/test/path-work.test.ts';
const profile = 'packages/x509/test/certificate-profile.test.ts';

/** Checks of lists, staples, pins, logs and profiles (RFC 5280 §5, §6.3, RFC 6960, RFC 6962, RFC 7633). */
export const revocationMutants: readonly Mutant[] = [
  ...mutantsOf('packages/x509/src/revocation.ts', revocation, [
    {
      id: 'certificate-on-a-list',
      find: '} else if (list.revokes(certificate.serialNumber)) {',
      replace: '} else if (false) {',
    },
    {
      id: 'status-that-is-not-known',
      find: "if (status !== 'good' && unknownStatus === 'reject')",
      replace: "if (status !== 'good' && unknownStatus === undefined)",
    },
    {
      id: 'fault-of-a-lists-signer',
      find: 'if (fault !== undefined) {',
      replace: 'if (false) {',
    },
    { id: 'list-that-is-out-of-date', find: 'return time >= nextUpdate ?', replace: 'return nextUpdate < 0 ?' },
    { id: 'list-from-the-future', find: 'if (time < thisUpdate) return', replace: 'if (false) return' },
    {
      id: 'list-of-another-kind',
      find: "if (scope.certificates === 'attributes' || (isCa ? scope.certificates === 'users' : scope.certificates === 'cas'))",
      replace: 'if (isCa === undefined)',
    },
    {
      id: 'list-of-another-distribution-point',
      find: 'distributionPoints === undefined ||\n',
      replace: 'distributionPoints === undefined || distributionPoints.length > 0 ||\n',
    },
    {
      id: 'list-of-some-reasons',
      find: '} else if (!list.scope.hasSomeReasonsOnly) {',
      replace: '} else {',
    },
    {
      id: 'chain-below-its-leaf',
      find: "const last = depth === 'leaf' ? 1 : path.length - 1;",
      replace: 'const last = depth.length > 0 ? 1 : path.length - 1;',
    },
    {
      id: 'staple-that-says-revoked',
      find: "if (stapled === 'revoked') return",
      replace: 'if (false) return',
      killedBy: ocsp,
    },
    {
      id: 'certificate-that-must-staple',
      find: "if (staple !== undefined && stapled !== 'good' && leaf",
      replace: "if (staple !== undefined && stapled === 'bad' && leaf",
      killedBy: ocsp,
    },
    {
      id: 'staple-that-undoes-a-list',
      find: "if (status === 'revoked') return reject('revoked', 'a certificate of the chain is revoked');\n    if (index === 0 && stapled === 'good') continue;",
      replace:
        "if (index === 0 && stapled === 'good') continue;\n    if (status === 'revoked') return reject('revoked', 'a certificate of the chain is revoked');",
      killedBy: ocsp,
    },
  ]),
  ...mutantsOf('packages/x509/src/certificate-list.ts', revocation, [
    { id: 'delta-list', find: 'if (oid === Oid.deltaCrlIndicator) throw', replace: 'if (false) throw' },
    { id: 'indirect-list', find: 'if (readFlag(reader, 4)) throw', replace: 'if (readFlag(reader, 4) && false) throw' },
    { id: 'critical-extension-of-a-list', find: '} else if (isCritical) {', replace: '} else if (false) {' },
    {
      id: 'algorithms-of-a-list-that-differ',
      find: 'if (!equalBytes(innerAlgorithm.raw, outerAlgorithm.raw))',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/x509/src/list-signer.ts', revocation, [
    {
      id: 'signature-of-a-list',
      find: 'else if (yield* verify(list, signer)) return undefined;',
      replace: 'else return undefined;',
    },
    {
      id: 'issuer-that-may-sign-no-list',
      find: 'return keyUsage?.bits.has(KeyUsageBit.cRLSign) !== false;',
      replace: 'return keyUsage !== undefined || keyUsage === undefined;',
    },
    {
      id: 'signer-of-a-list-nobody-vouches-for',
      find: 'if ((yield* isVouchedFor(signer, above, verify)) && (yield* verify(list, signer))) return undefined;',
      replace: 'if (yield* verify(list, signer)) return undefined;',
    },
    {
      id: 'signer-of-a-list-without-its-purpose',
      find: 'keyUsage?.bits.has(KeyUsageBit.cRLSign) === true;',
      replace: 'keyUsage !== undefined;',
    },
    {
      id: 'signer-of-a-list-that-expired',
      find: 'return isCurrent && unknownCritical',
      replace: 'return unknownCritical',
    },
  ]),
  ...mutantsOf('packages/x509/src/ocsp.ts', ocsp, [
    {
      id: 'staple-of-another-issuer',
      find: 'equalBytes(single.issuerNameHash, digest(certificate.issuer.der)) &&\n    equalBytes(single.issuerKeyHash, digest(subjectPublicKeyBits(issuer)))',
      replace: 'digest(subjectPublicKeyBits(issuer)).length > 0',
    },
    { id: 'responder-that-expired', find: 'time < delegate.notAfter + 1000;', replace: 'true;' },
    {
      id: 'staple-without-an-end',
      find: 'const maxAgeWithoutNextUpdate = 24 * 3_600_000;',
      replace: 'const maxAgeWithoutNextUpdate = 1e15;',
    },
    { id: 'staple-from-the-future', find: 'return single.thisUpdate <= time + allowedSkew &&', replace: 'return' },
  ]),
  ...mutantsOf('packages/x509/src/pins.ts', 'packages/x509/test/pins.test.ts', [
    {
      id: 'chain-without-a-pin',
      find: "return hasPin ? undefined : reject('pin', 'no certificate of the chain is pinned');",
      replace: "return hasPin || !hasPin ? undefined : reject('pin', 'no certificate of the chain is pinned');",
    },
  ]),
  ...mutantsOf('packages/tls-core/src/pin.ts', 'packages/x509/test/pins.test.ts', [
    {
      id: 'pin-of-any-length',
      find: 'if (bytes?.length === 32) return bytes;',
      replace: 'if (bytes !== undefined) return bytes;',
    },
  ]),
  ...mutantsOf('packages/x509/src/certificate-transparency.ts', transparency, [
    { id: 'timestamp-from-the-future', find: 'if (timestamp > time) return', replace: 'if (false) return' },
    { id: 'timestamp-of-a-retired-log', find: 'if (timestamp >= retiredAt) return', replace: 'if (false) return' },
    {
      id: 'signature-of-a-timestamp',
      find: 'return key.verify(signatureAlgorithm, signedData, signature);',
      replace: 'return key.info.spki.length + signature.length > 0;',
    },
    {
      id: 'timestamps-without-end',
      find: 'if (signatures > maxSignatures) return',
      replace: 'if (false) return',
    },
    {
      id: 'timestamps-of-one-operator',
      find: '&& operators.size >= minimumOperators) return;',
      replace: ') return;',
    },
  ]),
  ...mutantsOf('packages/x509/src/certificate-profile.ts', profile, [
    {
      id: 'leaf-for-any-purpose',
      find: 'if (extendedKeyUsage.has(Oid.anyExtendedKeyUsage))',
      replace: 'if (false)',
    },
    { id: 'wildcard-under-a-public-suffix', find: 'if (wildcard !== undefined) return', replace: 'if (false) return' },
    {
      id: 'common-name-that-is-no-name',
      find: 'return isCopy ? undefined :',
      replace: 'return isCopy || !isCopy ? undefined :',
    },
  ]),
  ...mutantsOf('packages/x509/src/certificate.ts', 'packages/x509/test/limbo.test.ts', [
    {
      id: 'algorithms-of-a-certificate-that-differ',
      find: 'if (!equalBytes(innerAlgorithm.raw, outerAlgorithm.raw))',
      replace: 'if (false)',
      killedBy: 'packages/tls-conformance/test/pure.test.ts',
      tests: '^pure as client and server certificate-matrix/algorithms-differ',
    },
  ]),
  ...mutantsOf('packages/x509/src/work-budget.ts', 'packages/x509/test/verifier.test.ts', [
    {
      id: 'signatures-without-end',
      find: 'signatures: 40,',
      replace: 'signatures: 40_000,',
      killedBy: pathWork,
    },
    { id: 'intermediates-without-end', find: 'intermediates: 6,', replace: 'intermediates: 60,' },
  ]),
];
