import {
  askHook,
  settle,
  type HookAnswers,
  type HookName,
  type OptionalHookName,
  type OptionalHooks,
} from '@org/tls-core/backend';

/** A handshake's way to wait: a Promise pauses it, and the engine resumes it with what the Promise gave. */
export { settle } from '@org/tls-core/backend';

/** What a handshake yields when it can only go on with the peer's next message. */
export const needMessage: unique symbol = Symbol('needMessage');
/** What a handshake yields when it can only go on with the peer's ChangeCipherSpec (RFC 5246 §7.1). */
export const needChangeCipherSpec: unique symbol = Symbol('needChangeCipherSpec');

/** What a handshake waits for: the peer, or an operation under way. */
export type Step = typeof needMessage | typeof needChangeCipherSpec | PromiseLike<unknown>;

/** A handshake as a list of steps that the engine drives: it is resumed with what it waited for. */
export type Handshake<T> = Generator<Step, T, unknown>;

/**
 * Runs a hook of the configuration.
 * @throws TlsError what `askHook` throws: the hook failed, or gave another answer than it owes
 */
export function* runHook<Name extends HookName>(name: Name, hook: () => unknown): Handshake<HookAnswers[Name]> {
  return yield* settle(askHook(name, hook));
}

/** Like `runHook`, for a hook that the handshake can do without: `undefined` when it has failed, of which the owner is warned. */
export function* runOptionalHook<Name extends OptionalHookName>(
  { optionalHooks }: { readonly optionalHooks: OptionalHooks },
  name: Name,
  hook: () => unknown,
): Handshake<HookAnswers[Name] | undefined> {
  return yield* settle(optionalHooks.ask(name, hook));
}
