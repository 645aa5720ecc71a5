import { divergences, divergingIds, type Divergence, type LimboReading } from './limbo-divergences.ts';
import { otherVerdicts, otherVerifiers } from './limbo-verdicts.ts';

const words = { A: 'accepts', R: 'refuses', '-': '–' } as const;

/** Writes the text of docs/x509-limbo.md. @param total how many cases the suite has */
export function limboPage(total: number): string {
  return [introduction(total), section('default'), section('own')].join('\n');
}

function introduction(total: number): string {
  const count = (reading: LimboReading, kind: Divergence['kind']): number => divergingIds(reading, kind).size;
  return `# x509-limbo, case by case

[x509-limbo](https://x509-limbo.com) has ${total} cases of path validation, each with a verdict. Here are all on which ours is another, and what other
verifiers say of them. The suite judges by RFC 5280 and by the CA/Browser Forum's Baseline Requirements (BR) at once, to the letter; we have a
[profile](certificates.md#profiles) for each, and \`compatible\`, the default, for what no attack hangs on.

| judged by | as the suite | stricter | laxer |
| --- | --- | --- | --- |
| \`compatible\`, the default | ${total - divergingIds('default').size} | ${count('default', 'stricter')} | ${count('default', 'laxer')} |
| the profile that the case is about | ${total - divergingIds('own').size} | ${count('own', 'stricter')} | ${count('own', 'laxer')} |

\`npx vitest run test/limbo.test.ts --update\` in packages/x509 writes this page. The test holds that under \`compatible\` nothing that the suite
accepts is refused if OpenSSL, Go and rustls-webpki all accept it. What the others say was found with the suite's own harnesses, at commit 8a2e6f41, on the same cases
(\`packages/x509/scripts/limbo-verdicts.mjs\`). The harness of OpenSSL sets \`X509_V_FLAG_X509_STRICT\`, which TLS does not: it was run with and
without. “–” stands where a harness cannot ask.
`;
}

const titles: Readonly<Record<LimboReading, string>> = {
  default: 'Under `compatible`, the default',
  own: 'Under the profile that the case is about',
};

function section(reading: LimboReading): string {
  const head = ['case', 'the suite', 'we', ...otherVerifiers];
  const groups = divergences
    .filter(({ readings }) => readings.includes(reading))
    .map((group) =>
      [group.reason, '', `| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rowsOf(group), ''].join(
        '\n',
      ),
    );
  return [`## ${titles[reading]}`, '', groups.join('\n')].join('\n');
}

function rowsOf({ ids, kind }: Divergence): readonly string[] {
  const verdicts = kind === 'stricter' ? ['accepts', 'refuse'] : ['refuses', 'accept'];
  return ids.map(
    (id) => `| ${[`\`${id}\``, ...verdicts, ...otherVerdicts(id).map((each) => words[each])].join(' | ')} |`,
  );
}
