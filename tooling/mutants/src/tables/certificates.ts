import { mutantsOf, type Mutant } from '../mutant.ts';

const limbo = 'packages/x509/test/limbo.test.ts';
const verifier = 'packages/x509/test/verifier.test.ts';
const bettertls = 'packages/x509/test/bettertls.test.ts';
const names = 'packages/x509/test/names.test.ts';
const nameConstraints = 'packages/x509/test/name-constraints.test.ts';
const policies = 'packages/x509/test/certificate-policies.test.ts';
const ocsp = 'packages/x509/test/ocsp.test.ts';
const trustStores = 'packages/x509/test/trust-anchors-stores.test.ts';
const provenChains = 'packages/x509/test/proven-chains.test.ts';
const derReader = 'packages/tls-crypto/test/der-reader.test.ts';

/** Checks of certificates, paths and names (RFC 5280, RFC 9525, RFC 6960). */
export const certificateMutants: readonly Mutant[] = [
  ...mutantsOf('packages/x509/src/certificate-checks.ts', limbo, [
    { id: 'certificate-before-its-time', find: 'if (time < notBefore) {', replace: 'if (false) {' },
    { id: 'certificate-after-its-time', find: 'if (time >= notAfter + 1000) {', replace: 'if (false) {' },
    {
      id: 'issuer-that-is-no-ca',
      find: 'return basicConstraints?.cA === true\n    ? undefined',
      replace: 'return basicConstraints?.cA !== undefined\n    ? undefined',
      killedBy: verifier,
    },
    {
      id: 'path-length-of-a-ca',
      find: 'pathLenConstraint !== undefined && casBelow > pathLenConstraint\n',
      replace: 'pathLenConstraint !== undefined && casBelow > pathLenConstraint + 1\n',
    },
    {
      id: 'extended-key-usage-is-not-looked-at',
      find: 'if (extendedKeyUsage.has(wanted)) return undefined;',
      replace: 'if (extendedKeyUsage.size > 0) return undefined;',
      killedBy: verifier,
    },
    {
      id: 'leaf-without-digital-signature',
      find: 'if (keyUsage === undefined || keyUsage.bits.has(KeyUsageBit.digitalSignature)) return undefined;',
      replace: 'if (keyUsage === undefined || keyUsage.bits.size > 0) return undefined;',
      killedBy: verifier,
    },
    {
      id: 'issuer-without-cert-sign',
      find: 'if (keyUsage === undefined || keyUsage.bits.has(KeyUsageBit.keyCertSign)) return undefined;',
      replace: 'if (keyUsage === undefined || keyUsage.bits.size > 0) return undefined;',
      killedBy: verifier,
    },
    {
      id: 'unknown-critical-extension',
      find: 'return oid === undefined\n    ? undefined',
      replace: 'return oid !== undefined || oid === undefined\n    ? undefined',
    },
    { id: 'short-rsa-key', find: 'const minRsaBits = 2048;', replace: 'const minRsaBits = 512;' },
    {
      id: 'ca-as-a-peer',
      find: 'if (leaf.basicConstraints?.cA === true) return',
      replace: 'if (leaf.basicConstraints?.cA === null) return',
    },
  ]),
  ...mutantsOf('packages/x509/src/proven-chains.ts', provenChains, [
    {
      id: 'remembered-chain-to-the-byte',
      find: 'equalBytes(known.digest, digest) &&',
      replace: 'known.digest.length === digest.length &&',
    },
    { id: 'remembered-chain-beyond-its-end', find: '&& time < known.until) {', replace: ') {' },
    { id: 'remembered-chain-before-its-proof', find: 'time >= known.from && ', replace: '' },
    { id: 'remembered-chain-for-another-name', find: 'const parts = [name, ', replace: 'const parts = [' },
    {
      id: 'remembered-chain-with-another-staple',
      find: 'staple?.ocspResponse, ...chain];',
      replace: '...chain];',
    },
    {
      id: 'remembered-chain-without-end-of-memory',
      find: 'if (this.#entries.size <= this.#maxEntries) return;',
      replace: 'if (this.#entries.size > 0) return;',
    },
    {
      id: 'one-peer-with-many-places',
      find: "const key = `${fingerprint(leaf)} ${presented.serverName ?? ''}`;",
      replace: 'const key = String(digest);',
    },
  ]),
  ...mutantsOf('packages/x509/src/verdict-end.ts', provenChains, [
    {
      id: 'verdict-beyond-its-certificates',
      find: '...[...path, ...(revocation === undefined ? [] : others)].map(({ notAfter }) => notAfter + 1000),',
      replace: '',
    },
    {
      id: 'verdict-beyond-its-lists',
      find: '...(revocation?.lists ?? []).flatMap(({ thisUpdate, nextUpdate }) => [thisUpdate, nextUpdate]),',
      replace: '...(revocation?.lists ?? []).flatMap(({ nextUpdate }) => [nextUpdate]),',
    },
    {
      id: 'verdict-beyond-its-staple',
      find: '...(response === undefined ? [] : ocspInstants(response)),',
      replace: '...(response === undefined ? [] : ocspInstants(response.subarray(0, 0))),',
    },
  ]),
  ...mutantsOf('packages/x509/src/path-builder.ts', bettertls, [
    {
      id: 'signature-of-a-certificate',
      find: 'if (isValid) return undefined;',
      replace: 'if (isValid || !isValid) return undefined;',
      killedBy: verifier,
    },
    {
      id: 'name-constraints-of-a-path',
      find: 'this.#nameConstraints.check(whole) ??',
      replace: '',
    },
    {
      id: 'revocation-left-unverified',
      find: "return isSpent ? reject('budget', 'the chain needs too many signatures to be verified') : rejection;",
      replace: 'return rejection;',
      killedBy: 'packages/x509/test/revocation.test.ts',
    },
    {
      id: 'form-of-a-path',
      find: 'checkPathForm(whole, this.#options)',
      replace: 'undefined',
      killedBy: 'packages/x509/test/certificate-profile.test.ts',
    },
  ]),
  ...mutantsOf('packages/x509/src/name-constraints.ts', bettertls, [
    { id: 'excluded-names', find: 'if (excluded.some((base) => touches(form, base)))', replace: 'if (false)' },
    {
      id: 'permitted-names',
      find: 'if (permitted.length > 0 && !permitted.some((base) => lies(form, base)))',
      replace: 'if (false)',
    },
    {
      id: 'name-that-cannot-be-compared',
      find: 'if (form === undefined || !isComparable)',
      replace: 'if (form === undefined) return undefined;\n  if (!isComparable)',
      killedBy: nameConstraints,
    },
    {
      id: 'constraint-that-cannot-be-compared',
      find: 'if (form === undefined || !isComparable)',
      replace: 'if (form === undefined)',
      killedBy: nameConstraints,
    },
  ]),
  ...mutantsOf('packages/x509/src/constrained-names.ts', bettertls, [
    {
      id: 'wildcard-over-an-excluded-name',
      find: "return base.host.endsWith(suffix) && !base.host.slice(0, -suffix.length).includes('.');",
      replace: 'return false;',
      killedBy: verifier,
    },
    {
      id: 'domain-that-only-ends-alike',
      find: "return base.startsWith('.') || name.charAt(name.length - base.length - 1) === '.';",
      replace: 'return true;',
      killedBy: limbo,
    },
  ]),
  ...mutantsOf('packages/x509/src/names/distinguished-name.ts', nameConstraints, [
    {
      id: 'subject-that-is-too-long-to-compare',
      find: 'return isComparable ? parts.map(partKey) : undefined;',
      replace: 'return parts.map(partKey);',
    },
  ]),
  ...mutantsOf('packages/x509/src/names/reference-name.ts', names, [
    {
      id: 'wildcard-for-many-labels',
      find: 'return dot > 0 && reference.slice(dot) === suffix &&',
      replace: 'return dot > 0 && reference.endsWith(suffix) &&',
    },
    {
      id: 'wildcard-under-a-top-level-domain',
      find: "isDnsName(suffix.slice(1)) && suffix.includes('.', 1)",
      replace: 'isDnsName(suffix.slice(1))',
    },
    {
      id: 'address-proven-by-a-name',
      find: "return name.kind === 'dns' && reference.kind === 'dns' && matchesDnsName(name.name, reference.text);",
      replace: "return name.kind === 'dns' && matchesDnsName(name.name, reference.text);",
    },
  ]),
  ...mutantsOf('packages/x509/src/certificate-policies.ts', policies, [
    {
      id: 'policy-that-nobody-accepts',
      find: 'return state.mustHavePolicy && !isAcceptable ? noPolicy : undefined;',
      replace: 'return undefined;',
    },
    {
      id: 'mapping-that-is-inhibited',
      find: 'if (this.#policyMapping > 0) {',
      replace: 'if (this.#policyMapping >= 0) {',
    },
    {
      id: 'any-policy-that-is-inhibited',
      find: '(this.#inhibitAnyPolicy > 0 || (!isLast && isSelfIssued));',
      replace: 'true;',
    },
    {
      id: 'any-policy-that-is-mapped',
      find: 'if (mapping.issuerDomainPolicy === Oid.anyPolicy || mapping.subjectDomainPolicy === Oid.anyPolicy) return false;',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/x509/src/verifier.ts', verifier, [
    {
      id: 'name-of-the-peer',
      find: 'if (matchesAny(names, reference)) return;',
      replace: 'if (names.length > 0) return;',
    },
    {
      id: 'form-that-hides-a-wrong-name',
      find: "if (rejection.reason === 'form') checkReferenceName",
      replace: 'if (false) checkReferenceName',
      killedBy: 'packages/x509/test/fault-order.test.ts',
    },
  ]),
  ...mutantsOf('packages/x509/src/ocsp.ts', ocsp, [
    {
      id: 'signature-of-a-staple',
      find: 'if (responder === undefined || !(yield* verify(response, responder)))',
      replace: 'if (responder === undefined)',
    },
    {
      id: 'staple-of-another-certificate',
      find: 'if (hash === undefined || !equalBytes(single.serialNumber, certificate.serialNumber)) return false;',
      replace: 'if (hash === undefined) return false;',
    },
    {
      id: 'staple-out-of-date',
      find: 'return single.thisUpdate <= time + allowedSkew && time < endOf(single);',
      replace: 'return single.thisUpdate <= time + allowedSkew && time < endOf(single) + 1e15;',
    },
    {
      id: 'responder-without-its-purpose',
      find: 'delegate.extendedKeyUsage?.has(Oid.ocspSigning) === true &&',
      replace: '',
    },
    {
      id: 'responder-that-the-issuer-did-not-sign',
      find: 'if (isNamed && (yield* verify(delegate, issuer))) return delegate;',
      replace: 'if (isNamed) return delegate;',
    },
  ]),
  ...mutantsOf('packages/tls-crypto/src/der/der-reader.ts', derReader, [
    {
      id: 'der-length-that-is-not-minimal',
      find: 'if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw',
      replace: 'if (length < 0) throw',
    },
    { id: 'der-left-over', find: 'if (!this.isAtEnd) throw', replace: 'if (false) throw' },
    { id: 'der-nesting', find: 'const maxDepth = 24;', replace: 'const maxDepth = 25;' },
    {
      id: 'der-integer-that-is-not-minimal',
      find: 'if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {',
      replace: 'if (false) {',
    },
    {
      id: 'der-bit-string-with-unused-bits-set',
      find: 'if (contents.length > 1 && (last & ((1 << unusedBits) - 1)) !== 0)',
      replace: 'if (contents.length > 1e9)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/trust-stores/node.ts', trustStores, [
    {
      id: 'file-of-roots-without-any',
      find: 'if (usable.length === 0 && source !== undefined) throw',
      replace: 'if (false) throw',
    },
  ]),
];
