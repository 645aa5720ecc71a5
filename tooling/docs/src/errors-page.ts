import {
  alertName,
  alertOf,
  alertsBySection,
  familyOf,
  nodeCodesOf,
  tlsErrorCodes,
  type TlsErrorCode,
  type TlsErrorFamily,
} from '@org/tls-core';
import { explanations } from './error-explanations.ts';

const introduction = `# Errors

Every failure is a \`TlsError\`: recognise it with \`isTlsError\`, and act on its \`code\`. The family says who is at fault, the alert what the peer is
told, and \`direction\` whether \`alert\` was sent or received. A code has one alert; where a section of an RFC wants another for the same fault,
it is named below ([why](decisions/0024-one-code-one-alert.md)). On tls-native the library sends its own alerts, and \`alert\` says which went out.

Node's code is what \`node:tls\` gives for the same fault, the most usual first. An error about a certificate, and one of the connection
below (\`ECONNREFUSED\`), has it as \`nodeCode\` (\`UNSPECIFIED\` is Node's own word for what it has no code for); the others are here so that a \`catch\` block that was written for Node can be
carried over. The page is made of \`packages/tls-core/src/error-code.ts\` and \`tooling/docs/src/error-explanations.ts\`;
\`pnpm --filter @org/docs write\` writes it.

What a peer causes (the families from \`decode\` to \`certificate\`, and \`ERR_TLS_TRUNCATED\`) has no frames in its \`stack\`, since a peer would
choose how often they are noted. What a hook of yours threw is the \`cause\` and has its own.
`;

const familyTitles: Readonly<Record<TlsErrorFamily, string>> = {
  decode: 'the peer’s bytes are not what the syntax allows',
  'peer-misbehaved': 'the peer sent what is well-formed, and not allowed here',
  'peer-incompatible': 'nobody is at fault, and there is no common ground',
  'peer-alert': 'the peer saw a fault',
  certificate: 'the peer’s certificate is not acceptable',
  transport: 'the connection below ended or stood still',
  misuse: 'the caller is at fault',
  backend: 'this library, the platform’s or a hook is at fault',
};

/** Writes the text of docs/errors.md. */
export function errorsPage(): string {
  const sections = Object.entries(familyTitles).map(([family, title]) => {
    const rows = tlsErrorCodes.filter((code) => familyOf(code) === family).map((code) => rowOf(code));
    return [
      `## ${family}: ${title}`,
      '',
      '| code | alert that is sent | Node’s code | cause | what to do |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return [introduction, ...sections].join('\n');
}

function rowOf(code: TlsErrorCode): string {
  const { cause, remedy } = explanations[code];
  const nodeCodes = nodeCodesOf(code).map((each) => `\`${each}\``);
  const cells = [`\`${code}\``, alertsOf(code), nodeCodes.join(', ') || 'none', cause, remedy];
  return `| ${cells.join(' | ')} |`;
}

/** Gives the code's own alert, and then every other one with the sections that demand it. */
function alertsOf(code: TlsErrorCode): string {
  const sectionsByAlert = new Map<number, string[]>();
  for (const [section, alert] of Object.entries(alertsBySection(code)))
    sectionsByAlert.set(alert, [...(sectionsByAlert.get(alert) ?? []), section]);
  const others = [...sectionsByAlert].map(([alert, sections]) => `${named(alert)} by ${sections.join(', ')}`);
  return [named(alertOf(code)), ...others].join('; ');
}

function named(alert: number | undefined): string {
  return alert === undefined ? 'none' : `${alertName(alert)} (${alert})`;
}
