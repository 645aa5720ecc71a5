import { mutantsOf, type Mutant } from '../mutant.ts';

const hookAnswer = 'packages/tls-core/test/hook-answer.test.ts';
const optionalHooks = 'packages/tls-core/test/optional-hooks.test.ts';
const ownOptions = 'packages/tls-core/test/own-options.test.ts';
const resolve = 'packages/tls-core/test/resolve-backend.test.ts';
const checkConfig = 'packages/tls-core/test/check-config.test.ts';
const pure = 'packages/tls-conformance/test/pure.test.ts';
const native = 'packages/tls-conformance/test/native.test.ts';

/** Checks of what applications give: options, and the answers of hooks. */
export const optionAndHookMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-core/src/hook-answer.ts', hookAnswer, [
    {
      id: 'error-that-is-returned-to-reject',
      find: 'if (isError(given)) throw rejection(given, chain);',
      replace: '',
    },
    {
      id: 'false-that-is-returned-to-reject',
      find: 'const nothing: ReadAnswer<undefined> = (given) => (given === undefined ? undefined : wrong);',
      replace: 'const nothing: ReadAnswer<undefined> = () => undefined;',
    },
    {
      id: 'answer-that-is-no-boolean',
      find: "const boolean: ReadAnswer<boolean> = (given) => (typeof given === 'boolean' ? given : wrong);",
      replace: 'const boolean: ReadAnswer<boolean> = (given) => Boolean(given);',
    },
    {
      id: 'promise-where-none-may-be',
      find: "throw new TypeError('it gave a Promise where it has to answer at once');",
      replace: '',
    },
    {
      id: 'ticket-key-of-a-hook',
      find: 'return name instanceof Uint8Array && name.length === 16 && secret instanceof Uint8Array && secret.length === 32;',
      replace: 'return name instanceof Uint8Array && secret instanceof Uint8Array;',
    },
    {
      id: 'path-of-no-certificates',
      find: 'const certificates = listOf(1, 100,',
      replace: 'const certificates = listOf(0, 100,',
      killedBy: hookAnswer,
    },
    {
      id: 'answer-that-changes-later',
      find: 'given instanceof Uint8Array && given.length >= minimum && given.length <= maximum ? new Uint8Array(given) : wrong;',
      replace: 'given instanceof Uint8Array && given.length >= minimum && given.length <= maximum ? given : wrong;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/optional-hooks.ts', optionalHooks, [
    {
      id: 'hook-that-is-asked-again',
      find: 'MaybePromise<HookAnswers[Name] | undefined> {\n    if (this.#failed?.has(name) === true) return undefined;',
      replace: 'MaybePromise<HookAnswers[Name] | undefined> {',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/own-options.ts', ownOptions, [
    {
      id: 'options-with-a-prototype',
      find: 'const taken = bareCopy<Record<string, unknown>>({});',
      replace: 'const taken = {} as Record<string, unknown>;',
    },
    { id: 'option-that-is-inherited', find: 'if (inherited !== undefined)', replace: 'if (false)' },
    { id: 'option-that-is-unknown', find: 'if (unknown !== undefined)', replace: 'if (false)' },
    {
      id: 'method-of-every-object',
      find: 'const hasIt = Object.hasOwn(given, name) || ancestors(given).some((each) => Object.hasOwn(each, name));',
      replace: 'const hasIt = name in given;',
    },
    {
      id: 'fields-with-a-prototype',
      find: 'return Object.assign(Object.create(nothing) as object, fields);',
      replace: 'return { ...fields };',
      killedBy: pure,
      tests: '^pure as client and server option/polluted',
    },
    {
      id: 'prototype-that-can-be-filled',
      find: 'const nothing: object = Object.freeze(Object.create(null) as object);',
      replace: 'const nothing: object = Object.create(null) as object;',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/border/with-border.ts', native, [
    {
      id: 'answers-of-the-library-with-a-prototype',
      find: 'const own = bareCopy(outcome);',
      replace: 'const own = outcome;',
      tests: '^native as client and server option/polluted',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/config/config-file.ts', resolve, [
    {
      id: 'configuration-that-is-code',
      find: 'if (path === undefined) return;',
      replace: 'if (path !== null) return;',
    },
    {
      id: 'backend-that-a-file-names',
      find: 'if (backend === undefined || isBackendName(backend))',
      replace: 'if (true)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/config/choose-backend.ts', resolve, [
    {
      id: 'provider-beside-a-backend-that-has-none',
      find: "if (crypto !== undefined && chosen !== 'pure')",
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/config/crypto-choice.ts', resolve, [
    {
      id: 'provider-of-any-name',
      find: 'if (Object.hasOwn(providers, value)) return value as CryptoName;',
      replace: 'return (Object.hasOwn(providers, value) ? value : undefined) as CryptoName;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/external-psk-rules.ts', pure, [
    {
      id: 'external-key-that-is-short',
      find: 'if (key.length < 16) throw',
      replace: 'if (false) throw',
      tests: '^pure as client and server external-psk/misused',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/identity-rules.ts', checkConfig, [
    {
      id: 'identity-of-two-keys',
      find: 'if ((privateKey === undefined) === (signer === undefined))',
      replace: 'if (false)',
    },
  ]),
];
