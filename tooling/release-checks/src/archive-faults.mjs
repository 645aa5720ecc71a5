import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Gives what is wrong with one packed package, as a list of one-line sentences that begin with its name. */
export function archiveFaults(archive, archives, root) {
  const { name, manifest, files } = archive;
  const faults = [
    ...missingFiles(manifest, files),
    ...strayFiles(files),
    ...manifestFaults(manifest, archives),
    ...foreignLicences(archive, root),
    ...undeclaredImports(archive),
    ...machinePaths(archive, [root, homedir()]),
  ];
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Gives all file names to which exports, imports and bin lead. */
function targetsOf(manifest) {
  return [manifest.exports, manifest.imports, manifest.bin].flatMap(leaves).filter((target) => target.startsWith('./'));
}

function leaves(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function missingFiles(manifest, files) {
  const wanted = [...required, ...targetsOf(manifest).map((target) => target.slice(2))];
  const untyped = leaves(manifest.exports).filter((target) => target.endsWith('.js'));
  const types = untyped.map((target) => target.slice(2).replace(/\.js$/, '.d.ts'));
  return [...new Set([...wanted, ...types])].filter((file) => !files.includes(file)).map((file) => `lacks ${file}`);
}

function strayFiles(files) {
  return files.filter((file) => stray.some((pattern) => pattern.test(file))).map((file) => `holds ${file}`);
}

function manifestFaults(manifest, archives) {
  const faults = [];
  const text = JSON.stringify(manifest);
  if (text.includes('@org/source')) faults.push('package.json names the source condition');
  if (text.includes('workspace:')) faults.push('package.json holds a workspace: range');
  if (manifest.type !== 'module') faults.push('package.json lacks "type": "module"');
  for (const field of ['description', 'license', 'repository', 'engines']) {
    if (manifest[field] === undefined) faults.push(`package.json lacks ${field}`);
  }
  for (const hook of ['preinstall', 'install', 'postinstall']) {
    if (manifest.scripts?.[hook] !== undefined) faults.push(`package.json has the install script ${hook}`);
  }
  const published = new Set(archives.map((archive) => archive.name));
  const needed = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  });
  for (const dependency of needed) {
    if (dependency.startsWith('@org/') && !published.has(dependency))
      faults.push(`needs ${dependency}, which is private`);
  }
  return faults;
}

function foreignLicences({ unpacked, files }, root) {
  return licences
    .filter((file) => files.includes(file))
    .filter((file) => readFileSync(join(unpacked, file), 'utf8') !== readFileSync(join(root, file), 'utf8'))
    .map((file) => `${file} differs from the workspace's`);
}

/** Finds what a module imports and no dependency brings: the workspace may have it all the same, and who installs the package has not. */
function undeclaredImports({ name, unpacked, manifest, files }) {
  const declared = new Set([
    name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  ]);
  const imported = files
    .filter((file) => file.startsWith('dist/') && file.endsWith('.js'))
    .flatMap((file) => importedPackages(readFileSync(join(unpacked, file), 'utf8')));
  return [...new Set(imported)].filter((each) => !declared.has(each)).map((each) => `imports ${each} undeclared`);
}

function importedPackages(text) {
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^"'()]*["']([^"']+)["']/gm)].map(([, each]) => each);
  return specifiers
    .filter((specifier) => !/^(?:node:|[.#])/.test(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)[0]);
}

function machinePaths({ unpacked, files }, paths) {
  const texts = files.filter((file) => /\.(js|ts|json|md|map)$/.test(file));
  return texts
    .filter((file) =>
      paths.some((path) => path.length > 1 && readFileSync(join(unpacked, file), 'utf8').includes(`${path}/`)),
    )
    .map((file) => `${file} names a path of this machine`);
}

const licences = ['LICENSE', 'LICENSE-MIT', 'LICENSE-APACHE'];
const required = ['package.json', 'README.md', ...licences];
const stray = [
  /(^|\/)tests?\//,
  /\.test\./,
  /\.map$/,
  /(^|\/)tsconfig/,
  /(^|\/)vitest\./,
  /(?<!\.d)\.ts$/,
  /\.tsbuildinfo$/,
  /(^|\/)\.(?!\/)/,
  /(^|\/)(node_modules|obj\.target)\//,
];
