// Writes test/support/limbo-verdicts.json: what other verifiers say of the cases of x509-limbo.
//   node scripts/limbo-verdicts.mjs 'OpenSSL 3.0.19=openssl.json' 'Go 1.26.8=go.json' …
// Each file is what a harness of x509-limbo printed when it was given limbo.json. The harness of OpenSSL sets X509_V_FLAG_X509_STRICT, which
// TLS does not set; its verdicts without that flag are those of a build from which the line was taken out.
import { readFileSync, writeFileSync } from 'node:fs';

const letters = { SUCCESS: 'A', FAILURE: 'R', SKIPPED: '-' };

const harnesses = process.argv.slice(2).map((argument) => {
  const split = argument.indexOf('=');
  const { results } = JSON.parse(readFileSync(argument.slice(split + 1), 'utf8'));
  return { name: argument.slice(0, split), verdicts: new Map(results.map((each) => [each.id, each.actual_result])) };
});
const [first] = harnesses;
const verdicts = Object.fromEntries(
  [...first.verdicts.keys()]
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((id) => [id, harnesses.map((each) => letters[each.verdicts.get(id)]).join('')]),
);
const contents = { verifiers: harnesses.map(({ name }) => name), verdicts };
writeFileSync(
  new URL('../test/support/limbo-verdicts.json', import.meta.url),
  `${JSON.stringify(contents, null, 2)}\n`,
);
