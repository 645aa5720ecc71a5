import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const records = 'packages/tls-pure/test/handshake/records.test.ts';
const inbound = 'packages/tls-pure/test/record/inbound.test.ts';
const forgedRecords = pureKit('record/');
const limits = 'packages/tls-pure/test/handshake/limits.test.ts';
const protection12 = 'packages/tls-pure/test/record/record-protection-12.test.ts';
const misbehavingClient = pureKit('misbehaving-client/');
const misbehavingClient12 = pureKit('misbehaving-client-1.2/');

/** Checks of the record layer (RFC 8446 §5, RFC 5246 §6, RFC 8449). */
export const recordMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/record/record-protection-13.ts', records, [
    {
      id: 'tag-of-a-record-is-not-checked',
      find: 'if (index >= this.#opened) throw badRecordMac();',
      replace: '',
    },
    {
      id: 'padded-record-over-its-limit',
      find: 'if (innerLength > maxPlaintextLength + 1) {',
      replace: 'if (false) {',
    },
    { id: 'record-of-padding-alone', find: 'if (end < start) throw', replace: 'if (false) throw' },
    {
      id: 'nonce-that-comes-again',
      find: 'this.#writeNonce(span.count, this.#sequence);',
      replace: 'this.#writeNonce(span.count, 0);',
    },
    {
      id: 'key-beyond-its-records',
      find: 'return this.#sequence + records > this.#recordLimit;',
      replace: 'return false;',
      killedBy: limits,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/record/record-protection-12.ts', protection12, [
    {
      id: 'tag-of-a-tls-1.2-record-is-not-checked',
      find: 'if (index >= this.#opened) throw badRecordMac();',
      replace: '',
    },
    {
      id: 'version-of-a-tls-1.2-record',
      find: 'if (!isVersion12(bytes, at)) {',
      replace: 'if (false) {',
    },
    {
      id: 'type-of-a-tls-1.2-record-is-not-bound',
      find: 'additionalData[at + 8] = type;',
      replace: 'additionalData[at + 8] = 0;',
    },
    {
      id: 'sequence-of-a-tls-1.2-record-is-not-bound',
      find: 'writeSequence(sequence, additionalData, at);',
      replace: 'writeSequence(0, additionalData, at);',
    },
    {
      id: 'explicit-nonce-that-comes-again',
      find: 'writeSequence(this.#sequence, out, body);',
      replace: 'writeSequence(0, out, body);',
    },
    { id: 'tls-1.2-record-over-its-limit', find: 'if (length > maxPlaintextLength) {', replace: 'if (false) {' },
    {
      id: 'tls-1.2-key-beyond-its-records',
      find: 'return this.#sequence + records > this.#recordLimit;',
      replace: 'return false;',
      killedBy: limits,
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/record/inbound.ts', records, [
    {
      id: 'records-that-are-opened-in-vain-without-end',
      find: 'this.#recordsAtOnce = 1;\n        return',
      replace: 'return',
      killedBy: inbound,
    },
    {
      id: 'unprotected-record-among-protected-ones',
      find: 'if (type !== ContentType.alert || !isEarly)',
      replace: 'if (type !== ContentType.alert && !isEarly)',
    },
    {
      id: 'alert-in-the-clear-on-an-open-connection',
      find: "const isEarly = this.#applicationData !== 'deliver' && protection.sequence === 0;",
      replace: 'const isEarly = true;',
    },
    {
      id: 'change-cipher-spec-of-any-content',
      find: 'if (!isExpected || !isWellFormed || !this.#joiner.isEmpty) throw',
      replace: 'if (!isExpected || !this.#joiner.isEmpty) throw',
    },
    {
      id: 'change-cipher-spec-without-end',
      find: 'if (this.#changeCipherSpecs > maxChangeCipherSpecs) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'alert-within-a-message',
      find: 'this.#refuseInterleaved();\n    const { isWarning',
      replace: 'const { isWarning',
    },
    {
      id: 'close-notify-in-a-handshake',
      find: "if (isClosure && this.#applicationData === 'deliver') return",
      replace: 'if (isClosure) return',
    },
    {
      id: 'close-notify-that-is-fatal',
      find: '&& (isWarning || this.#isTls13);',
      replace: ';',
      killedBy: 'packages/tls-conformance/test/pure.test.ts',
    },
    {
      id: 'key-change-within-a-message',
      find: "this.refuseUnfinished('a handshake message spans a change of keys (§5.1)');",
      replace: '',
      killedBy: limits,
    },
    {
      id: 'rejected-early-data-without-end',
      find: 'if (charged > this.#earlyDataToSkip) throw',
      replace: 'if (false) throw',
      killedBy: misbehavingClient,
    },
    {
      id: 'garbage-is-skipped-on-an-open-connection',
      find: 'if (length === undefined) return undefined;\n    this.#earlyDataToSkip = undefined;',
      replace: 'if (length === undefined) return undefined;',
      killedBy: misbehavingClient,
    },
    {
      id: 'early-data-over-its-limit',
      find: 'if (this.#earlyDataLeft < 0)',
      replace: 'if (false)',
      killedBy: 'packages/tls-pure/test/handshake/early-data-rules.test.ts',
    },
    {
      id: 'finished-without-change-cipher-spec',
      find: "if (this.#changeCipherSpec === 'await')\n      throw",
      replace: 'if (false)\n      throw',
      killedBy: misbehavingClient12,
    },
    {
      id: 'warning-of-tls-1.3-that-is-let-pass',
      find: 'if (this.#isTls13) return description === AlertDescription.userCanceled;',
      replace: '',
      killedBy: inbound,
    },
    {
      id: 'content-type-that-is-unknown',
      find: "throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `content type ${type} in a protected record`);",
      replace: 'return;',
      killedBy: inbound,
    },
    {
      id: 'handshake-records-without-end',
      find: 'this.#handshakeRecords.note();',
      replace: '',
      killedBy: pureKit('server-hello/'),
    },
    { id: 'warnings-without-end', find: 'this.#limits.warningAlert();', replace: '' },
    { id: 'empty-records-without-end', find: 'this.#limits.emptyRecord();', replace: '', killedBy: inbound },
  ]),
  ...mutantsOf(
    'packages/tls-pure/src/record/flood-limits.ts',
    'packages/tls-pure/test/handshake/small-records.test.ts',
    [
      {
        id: 'small-records-without-end',
        find: "if (this.#smallRecords > this.#maxSmallRecords) throw tooMany('small records');",
        replace: '',
      },
    ],
  ),
  ...mutantsOf('packages/tls-pure/src/record/plaintext-batch.ts', pureKit('record-run/'), [
    { id: 'data-with-what-lies-between-records', find: 'if (at !== this.#length)', replace: 'if (false)' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/lent-memory.ts', pureKit('lent-memory/'), [
    {
      id: 'lent-memory-that-is-kept',
      find: 'this.#untold = copyBytes(this.#untold);',
      replace: 'void copyBytes;',
    },
    { id: 'lent-memory-that-waits', find: ' || !this.#frame.isNextToTell', replace: '' },
  ]),
  ...mutantsOf('packages/tls-pure/src/record/record-reader.ts', records, [
    { id: 'record-over-its-limit', find: 'if (length > maxCiphertextLength) {', replace: 'if (false) {' },
  ]),
  ...mutantsOf('packages/tls-pure/src/record/handshake-joiner.ts', limits, [
    { id: 'handshake-message-over-its-limit', find: 'if (length > maxHandshakeLength) {', replace: 'if (false) {' },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/handshake-io.ts', misbehavingClient12, [
    {
      id: 'message-behind-a-flight',
      find: "this.#owner.inbound.refuseUnfinished('more handshake messages than the flight has');",
      replace: '',
    },
    {
      id: 'message-out-of-order',
      find: 'if (!types.some((type) => type === message.type)) {',
      replace: 'if (false) {',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/guarded-engine.ts', records, [
    {
      id: 'end-without-close-notify',
      find: 'if (this.#isPeerClosed) return;\n    const when',
      replace: 'if (this.#isPeerClosed || this.#isEstablished) return;\n    const when',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/engine.ts', records, [
    {
      id: 'post-handshake-messages-without-end',
      find: 'this.#inbound.postHandshakeMessage();',
      replace: '',
      killedBy: 'packages/tls-conformance/test/pure.test.ts',
      tests: 'record/ticket-flood',
    },
    {
      id: 'keys-that-are-not-changed',
      find: 'this.#inbound.openWith(keys.update.updateRead());',
      replace: 'keys.update.updateRead();',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/client/new-session.ts', forgedRecords, [
    {
      id: 'message-behind-the-handshake',
      find: 'if (type !== HandshakeType.newSessionTicket)\n      throw',
      replace: 'if (type !== HandshakeType.newSessionTicket) return undefined; if (false)\n      throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/wire/messages/key-update.ts', forgedRecords, [
    { id: 'key-update-of-any-value', find: 'if (requestUpdate > 1)', replace: 'if (false)' },
  ]),
];
