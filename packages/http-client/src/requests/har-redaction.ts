import type { HeaderFields } from './header-fields.ts';
import type { HarField } from './har-format.ts';

/** What stands in the place of a secret. */
const hidden = '[redacted]';

const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'set-cookie',
  'x-amz-security-token',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
]);

/** Parameters of URLs that carry secrets: of OAuth 2.0, of signed URLs, of most APIs with keys. */
const secretParameters =
  /^(?:access_token|api[-_]?key|assertion|auth|client_secret|code|id_token|key|pass(?:word|wd)?|refresh_token|secret|session(?:id)?|sig|signature|token|x-amz-(?:credential|security-token|signature))$/iu;

/** Hides credentials, or shows all where a program wants that. */
export interface Redaction {
  readonly headers: (fields: HeaderFields) => readonly HarField[];
  readonly url: (url: string) => string;
  readonly cookies: (lines: readonly string[]) => readonly HarField[];
}

/** @param sensitive names of further headers, in lower case */
export function redactionOf(isOn: boolean, sensitive: readonly string[]): Redaction {
  const names = new Set([...secretHeaders, ...sensitive]);
  const url = isOn ? withoutSecrets : (given: string) => given;
  const value = (name: string, given: string): string => {
    if (isOn && names.has(name)) return hidden;
    return name === 'location' || name === 'referer' || name === 'content-location' ? url(given) : given;
  };
  return {
    url,
    headers: (fields) =>
      Object.entries(fields).flatMap(([name, values]) =>
        [values].flat().map((each) => ({ name, value: value(name, each) })),
      ),
    cookies: (lines) => lines.map(asField).map((field) => (isOn ? { ...field, value: hidden } : field)),
  };
}

/** Gives a URL without the values of parameters that are secrets, and without a password. */
function withoutSecrets(given: string): string {
  const isRelative = !URL.canParse(given);
  if (isRelative && !URL.canParse(given, 'https://relative.invalid')) return hidden;
  const url = new URL(given, 'https://relative.invalid');
  for (const name of new Set(url.searchParams.keys()))
    if (secretParameters.test(name)) url.searchParams.set(name, hidden);
  url.username = '';
  url.password = '';
  // An implicit grant of OAuth 2.0 gives its token in the fragment.
  if (url.hash.includes('=')) url.hash = hidden;
  return isRelative ? url.pathname + url.search + url.hash : url.href;
}

function asField(pair: string): HarField {
  const [name = '', ...rest] = (pair.split(';')[0] ?? '').trim().split('=');
  return { name, value: rest.join('=') };
}
