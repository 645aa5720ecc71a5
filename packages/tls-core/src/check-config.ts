import type { BackendDescription, RoleCapabilities } from './capabilities.ts';
import type { CommonConfig } from './common-config.ts';
import { unsupported } from './option-error.ts';
import type { OptionRules } from './option-rule.ts';
import { optionNames, ownOptions } from './own-options.ts';
import { TlsError } from './tls-error.ts';

/** The backend that a configuration is for. */
export interface CheckedBackend extends BackendDescription {
  /** Says, by the name of an option that this backend does not have, what would support it, in a few words for the error. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/**
 * Checks a configuration by a table of rules. An unknown option is refused first. Then each option, in the order in which they are given, is
 * judged by its rule and then by whether the backend has it. What several options say together comes last. An option that is `undefined`
 * is absent.
 * @returns a copy of what was checked, with an empty prototype; nothing else is to be used
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkConfig<Config extends CommonConfig>(
  config: Config,
  rules: OptionRules<Config>,
  role: 'client' | 'server',
  backend: CheckedBackend,
): Config {
  const capabilities = backend.capabilities[role];
  const checked = ownOptions(config, optionNames<Config>(rules));
  for (const option of Object.keys(checked) as (keyof Config & string)[]) {
    checked[option] = rules[option](checked[option], option, capabilities, backend.name);
    if (!capabilities.options.includes(option)) throw unsupported(option, backend.name, remedyFor(option, backend));
  }
  checkVersions(checked, capabilities, backend.name);
  return Object.freeze(checked);
}

function remedyFor(option: string, { remedies = {} }: CheckedBackend): string {
  const remedy = Object.hasOwn(remedies, option) ? remedies[option] : undefined;
  return remedy ?? 'another backend may support it; see `capabilities`';
}

/** Refuses bounds between which the backend speaks no version. */
function checkVersions({ minVersion, maxVersion }: CommonConfig, { protocols }: RoleCapabilities, name: string): void {
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2') {
    throw new TlsError('ERR_TLS_CONFIG', 'minVersion TLSv1.3 is above maxVersion TLSv1.2', { option: 'minVersion' });
  }
  const isUsable = protocols.some(
    (version) =>
      (minVersion === undefined || version >= minVersion) && (maxVersion === undefined || version <= maxVersion),
  );
  if (isUsable) return;
  const option = maxVersion === undefined ? 'minVersion' : 'maxVersion';
  throw unsupported(option, name, `it speaks ${protocols.join(', ')}`);
}
