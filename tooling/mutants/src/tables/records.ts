import { mutantsOf, type Mutant } from '../mutant.ts';

/** Checks of the record layer (RFC 8446 §5, RFC 8449). */
export const recordMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/record/record-protection.ts', 'packages/tls-pure/test/handshake/records.test.ts', [
    {
      id: 'tag-of-a-record-is-not-checked',
      find: 'if (!this.#aead.open(nonce, header, fragment, inner)) throw badRecordMac();',
      replace: 'this.#aead.open(nonce, header, fragment, inner);',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/record/inbound.ts', 'packages/tls-pure/test/handshake/records.test.ts', [
    {
      id: 'unprotected-record-among-protected-ones',
      find: 'if (type !== ContentType.alert || !isEarly)',
      replace: 'if (type !== ContentType.alert && !isEarly)',
    },
  ]),
];
