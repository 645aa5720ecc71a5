import { isTlsError, type TlsError } from '@org/tls-core';

/** Gives the `TlsError` that an error is, or that caused it. */
export function tlsErrorIn(error: unknown): TlsError | undefined {
  for (let cause = error, depth = 0; depth < 8; depth += 1) {
    if (isTlsError(cause)) return cause;
    if (!(cause instanceof Error)) return undefined;
    cause = cause.cause;
  }
  return undefined;
}

/** Describes a failure for people: what happened, its code, and what can be done about it. The text is printable. */
export function describeFailure(error: unknown): string {
  const tlsError = tlsErrorIn(error);
  if (tlsError === undefined) return `tls: ${printable(plainMessage(error))}`;
  const marks = [tlsError.code as string, tlsError.nodeCode, alertMark(tlsError), tlsError.platformReason].filter(
    (mark) => mark !== undefined,
  );
  const lines = [`tls: ${printable(tlsError.message)}`, `  ${printable(marks.join(', '))}`];
  const reason =
    tlsError.family === 'transport' && tlsError.cause !== undefined ? plainMessage(tlsError.cause) : undefined;
  if (reason !== undefined && reason !== tlsError.message) lines.push(`  because: ${printable(reason)}`);
  const hint = tlsError.certificate?.hint ?? hintByCode[tlsError.code];
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  return lines.join('\n');
}

/** Describes a failure for programs. */
export function failureAsJson(error: unknown): Readonly<Record<string, unknown>> {
  const tlsError = tlsErrorIn(error);
  if (tlsError === undefined) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { message: plainMessage(error), code };
  }
  const { message, code, family, nodeCode, alertName, direction, option, platformReason } = tlsError;
  return {
    message,
    code,
    family,
    nodeCode,
    alert: alertName,
    direction,
    option,
    platformReason,
    hint: tlsError.certificate?.hint ?? hintByCode[code],
  };
}

/** Replaces control characters: text that a peer sends must not control the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is to be replaced
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\u{fffd}');
}

function alertMark(error: TlsError): string | undefined {
  return error.alertName === undefined ? undefined : `alert ${error.alertName} ${error.direction}`;
}

/** Gives an error's message. An AggregateError (of one attempt per address) has none of its own. */
function plainMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(plainMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}

const hintByCode: Readonly<Partial<Record<TlsError['code'], string>>> = {
  ERR_TLS_NOT_TLS: 'does this port speak plain text, e.g. http: instead of https:?',
  ERR_TLS_PROTOCOL_VERSION: 'the peer may speak only versions that this backend does not; try the other --backend',
  ERR_TLS_NO_COMMON_PARAMETERS: 'try the other --backend: it knows other cipher suites and groups',
  ERR_TLS_BACKEND_UNAVAILABLE: 'try --backend pure, which needs nothing but Node',
};
