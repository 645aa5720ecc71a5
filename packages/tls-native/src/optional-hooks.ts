import { OptionalHooks, type EngineSink } from '@org/tls-core';

/** The hooks that a connection can do without; its owner hears of their outages. */
export function optionalHooks(sink: EngineSink): OptionalHooks {
  return new OptionalHooks((warning) => sink.warning?.(warning));
}
