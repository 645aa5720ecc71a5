import type { ClientEngineOptions, UnusableEchConfigs } from './engine.ts';
import { alpnProtocols } from './alpn-rules.ts';
import { badValue, wrongType } from './option-error.ts';
import { bytes, methods } from './option-rule.ts';
import { optionNames, ownOptions, frozenCopy } from './own-options.ts';
import { checkServerName } from './server-name.ts';
import { readSession, type TlsSession } from './session.ts';

/**
 * Checks what differs from one connection to the next. Every backend calls it when an engine is made, so that what cannot be is refused
 * before anything is dialled.
 * @returns a copy, read once: a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function checkClientEngineOptions(options: ClientEngineOptions): ClientEngineOptions {
  const checked = ownOptions(options, names);
  const copy: Record<string, unknown> = { serverName: nameOf(checked.serverName) };
  for (const option of names) {
    const value = checked[option];
    if (option !== 'serverName' && value !== undefined) copy[option] = rules[option](value, option);
  }
  return frozenCopy(copy) as unknown as ClientEngineOptions;
}

function nameOf(value: unknown): string {
  checkServerName(value as string); // it looks at the type too
  return value as string;
}

function sessionOf(given: unknown): TlsSession {
  const session = readSession(given);
  if (session === undefined) throw wrongType('session', 'a session of an earlier connection', given);
  return session;
}

function readUnusable(value: unknown): UnusableEchConfigs {
  if (value === 'refuse' || value === 'ignore') return value;
  if (typeof value !== 'string') throw wrongType('unusableEchConfigs', 'a string', value);
  throw badValue('unusableEchConfigs', `expected refuse or ignore, got ${value}`);
}

function readEarlyData(value: unknown): boolean | 'once' {
  if (typeof value === 'boolean' || value === 'once') return value;
  if (typeof value !== 'string') throw wrongType('earlyData', 'a boolean or `once`', value);
  throw badValue('earlyData', `expected a boolean or \`once\`, got ${value}`);
}

/** One rule for each option: a missing or a surplus row does not compile. */
const rules: {
  readonly [Option in keyof ClientEngineOptions]-?: (
    value: unknown,
    option: string,
  ) => Required<ClientEngineOptions>[Option];
} = {
  serverName: nameOf,
  alpnProtocols,
  session: sessionOf,
  sessionStore: methods('put', 'take'),
  earlyData: readEarlyData,
  echConfigList: bytes,
  unusableEchConfigs: readUnusable,
};

const names = optionNames<ClientEngineOptions>(rules);
