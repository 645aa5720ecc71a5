import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const entries = 'packages/x509/test/revoked-entries.test.ts';
const watch = 'packages/x509/test/watch-revocation-lists.test.ts';
const kept = 'packages/x509/test/kept-answer.test.ts';
const fetcher = 'packages/x509/test/status-fetcher.test.ts';
const stapler = 'packages/x509/test/ocsp-stapler.test.ts';
const status = 'packages/x509/test/certificate-status.test.ts';

/** Checks of lists that change, and of what is fetched about certificates (RFC 5280 §5, RFC 6960, RFC 5019). */
export const certificateStatusMutants: readonly Mutant[] = [
  ...mutantsOf('packages/x509/src/revoked-entries.ts', entries, [
    {
      id: 'critical-extension-of-an-entry',
      find: 'if (isCritical) throw extensions.fault(`an entry',
      replace: 'if (false) throw extensions.fault(`an entry',
    },
    {
      id: 'entries-that-fall-into-one-place',
      find: 'if (probe === maxProbes) return null;',
      replace: '',
    },
    {
      id: 'serial-of-an-entry-that-is-not-minimal',
      find: 'if (startsAsSecond && (first === 0 || first === 0xff)) return false;',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/x509/src/newest-lists.ts', watch, [
    {
      id: 'list-that-is-older-than-the-last',
      find: 'list.thisUpdate >= other.thisUpdate &&',
      replace: '',
    },
    {
      id: 'list-with-a-lower-number',
      find: '&& !hasLowerNumber(list, other);',
      replace: '&& hasLowerNumber !== undefined;',
    },
    {
      id: 'list-from-the-future-in-place-of-another',
      find: 'return list.thisUpdate <= time &&',
      replace: 'return time > 0 &&',
    },
  ]),
  ...mutantsOf('packages/x509/src/chain-judge.ts', pureKit('revocation/changing-refused'), [
    { id: 'proof-by-lists-of-before', find: 'if (current !== lists) {', replace: 'if (current === undefined) {' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/session-binding.ts', pureKit('revocation/changing-(session|waiting)'), [
    {
      id: 'session-by-lists-of-before',
      find: 'if (known?.digest !== digest)',
      replace: 'if (known === undefined)',
    },
  ]),
  ...mutantsOf(
    'packages/tls-native/src/sides/server-side.ts',
    'packages/tls-conformance/test/native-verifier.test.ts',
    [
      {
        id: 'native-session-by-lists-of-before-the-client-hello',
        find: 'return this.#context === this.#rules.currentContext() ?',
        replace: 'return this.#context !== undefined ?',
        tests: 'revocation/changing-waiting',
      },
    ],
  ),
  ...mutantsOf('packages/x509/src/revocation.ts', status, [
    {
      id: 'list-of-another-issuer',
      find: '!sameName(list.issuer, certificate.issuer) || ',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/x509/src/status/fetched-list.ts', status, [
    {
      id: 'fetched-list-that-says-nothing',
      find: "if (typeof status === 'object') throw",
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/x509/src/status/status-locations.ts', status, [
    {
      id: 'url-that-is-no-http',
      find: '!/^https?:\\/\\//iu.test(name) || ',
      replace: '',
    },
    {
      id: 'url-with-credentials',
      find: "if (url.username !== '' || url.password !== '') return undefined;",
      replace: '',
    },
    { id: 'responders-without-end', find: '.slice(0, maxPlaces)', replace: '' },
  ]),
  ...mutantsOf('packages/x509/src/status/kept-answer.ts', kept, [
    {
      id: 'answer-that-is-older',
      find: 'if (isOlder || now >= answer.until) return false;',
      replace: 'if (now >= answer.until) return false;',
    },
    { id: 'answer-for-a-hundred-years', find: 'Math.min(longestAge, Math.max(', replace: '(Math.max(' },
    {
      id: 'failure-without-a-pause',
      find: 'this.#dueAt = this.#clock() + pause *',
      replace: 'this.#dueAt = this.#clock() + 0 *',
    },
  ]),
  ...mutantsOf('packages/x509/src/status/fetcher.ts', fetcher, [
    {
      id: 'answer-in-pieces-without-end',
      find: 'length += piece.length;\n    if (length > maxBytes) throw',
      replace: 'length += piece.length;\n    if (false) throw',
    },
    {
      id: 'answer-that-is-too-long',
      find: 'if (answer.length > maxBytes) throw',
      replace: 'if (false) throw',
    },
    { id: 'status-of-http', find: 'if (response.status !== 200) {', replace: 'if (false) {' },
  ]),
  ...mutantsOf('packages/x509/src/status/ask-responders.ts', stapler, [
    {
      id: 'response-that-proves-nothing',
      find: "if ('fault' in answer)",
      replace: "if ('fault' in answer && false)",
    },
  ]),
  ...mutantsOf('packages/x509/src/status/check-certificate-status.ts', status, [
    {
      id: 'status-that-nobody-knows',
      find: "if (unknown === undefined || unknownStatus === 'accept') return;",
      replace: 'if (unknown === undefined || unknownStatus.length > 0) return;',
    },
    {
      id: 'path-that-nobody-verified',
      find: "if (verification.verifiedPath.length === 0) return [{ unknown: 'no path was verified' }];",
      replace: '',
    },
    {
      id: 'list-at-the-same-place',
      find: '`${this.#keyOf(issuer)} ${url.href}`',
      replace: 'url.href',
    },
  ]),
];
