import { frozenCopy } from './own-options.ts';

/** A configuration with what holds where it says nothing. */
export type WithDefaults<Config, Defaults> = Config & Required<Pick<Config, keyof Config & keyof Defaults>>;

/**
 * Fills in what a checked configuration does not say.
 * @param config has no option that is `undefined`
 * @returns a frozen copy with an empty prototype
 */
export function withDefaults<Config extends object, Option extends keyof Config>(
  config: Config,
  defaults: Required<Pick<Config, Option>>,
): Config & Required<Pick<Config, Option>> {
  return frozenCopy({ ...defaults, ...config });
}
