import type { Identity } from '@org/tls-core';

/** Gives a configuration's identities as a list. */
export function identitiesOf({
  identity,
}: {
  readonly identity?: Identity | readonly Identity[];
}): readonly Identity[] {
  if (identity === undefined) return [];
  return isList(identity) ? identity : [identity];
}

function isList(identity: Identity | readonly Identity[]): identity is readonly Identity[] {
  return Array.isArray(identity);
}
