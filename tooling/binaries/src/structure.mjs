import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { outputOf } from './command.mjs';

const workspace = dirname(dirname(dirname(import.meta.dirname)));

/**
 * Looks into a binary by LLVM's tools, which read the formats of all systems.
 * @returns what is wrong, as a list of sentences
 */
export function structureFaults(target, file) {
  const [platform, architecture, libc] = target.split('-');
  const headers = outputOf('llvm-readobj', ['--file-headers', '--needed-libs', file]);
  const [, found] = /^Arch: (\S+)/m.exec(headers) ?? [];
  const faults = found === architectures[architecture] ? [] : [`it is for ${found}`];
  const [, list = ''] = /^NeededLibraries \[\n([^\]]*)\]/m.exec(headers) ?? [];
  const strange = words(list).filter((name) => !known[libc ?? platform].test(name));
  if (strange.length > 0) faults.push(`it needs ${strange.join(', ')}`);
  const exported = exportsOf(platform, file);
  const other = exported.filter((name) => !entryPoints.includes(name) && !harmless[platform]?.test(name));
  if (other.length > 0) faults.push(`it exports ${other.join(', ')}`);
  const lacking = entryPoints.filter((name) => !exported.includes(name));
  if (lacking.length > 0) faults.push(`it does not export ${lacking.join(', ')}`);
  if (readFileSync(file).includes(workspace)) faults.push('it names a path of this machine');
  return [...faults, ...own[platform](file, libc ?? architecture)].map((fault) => `${target}: ${fault}`);
}

/** Lists the names of the functions and data that a program or library shows to others. */
export function exportsOf(platform, file) {
  if (platform === 'win32') {
    return [...outputOf('llvm-readobj', ['--coff-exports', file]).matchAll(/^ {2}Name: (\S+)/gm)].map(
      ([, name]) => name,
    );
  }
  const kind = platform === 'linux' ? '--dynamic' : '--extern-only';
  const names = words(outputOf('llvm-nm', [kind, '--defined-only', '--format=just-symbols', file]));
  return platform === 'linux' ? names : names.map((name) => name.replace(/^_/, ''));
}

/** Checks what makes an ELF file safe to load, and that no symbol is younger than the C library that is promised. */
function elfFaults(file, libc) {
  const text = outputOf('llvm-readobj', ['--dynamic-table', '--program-headers', '--version-info', file]);
  const wanted = { BIND_NOW: /FLAGS +BIND_NOW/, NODELETE: /FLAGS_1 .*NODELETE/, RELRO: /PT_GNU_RELRO/ };
  const faults = Object.entries(wanted)
    .filter(([, pattern]) => !pattern.test(text))
    .map(([name]) => `it lacks ${name}`);
  if (/\bTEXTREL\b/.test(text)) faults.push('its code is written to when it is loaded');
  const [, stack = ''] = /Type: PT_GNU_STACK[\s\S]*?Flags \[([^\]]*)\]/.exec(text) ?? [];
  if (!stack.includes('PF_W') || stack.includes('PF_X')) faults.push('its stack may be executed');
  if (libc === 'glibc') faults.push(...floorFaults(text));
  return faults;
}

/** The oldest glibc that has all the symbols: RHEL 8 has it, and Node 20 needs no older one. */
export const glibcFloor = [2, 28];

function floorFaults(text) {
  const versions = [...text.matchAll(/Name: GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [
    Number(major),
    Number(minor),
  ]);
  const younger = versions.filter(
    ([major, minor]) => major > glibcFloor[0] || (major === glibcFloor[0] && minor > glibcFloor[1]),
  );
  if (versions.length === 0) return ['its symbols have no versions'];
  return [...new Set(younger.map((each) => `it needs glibc ${each.join('.')}, more than ${glibcFloor.join('.')}`))];
}

/** Checks that a Mac can load it, and that what the system's libraries do not have is Node-API. */
function machFaults(file, architecture) {
  const headers = outputOf('llvm-objdump', ['--macho', '--private-headers', file]);
  const faults = [];
  if (!/\b(?:BUNDLE|DYLIB)\b/.test(headers)) faults.push('it is no library');
  if (!/^ +minos 11\.0$/m.test(headers)) faults.push('it is not for macOS 11');
  // A Mac with Apple's processor loads nothing that is unsigned.
  if (architecture === 'arm64' && !headers.includes('LC_CODE_SIGNATURE')) faults.push('it is not signed');
  const missing = [
    ...outputOf('llvm-nm', ['-m', '--undefined-only', file]).matchAll(/external _(\S+) \(dynamically looked up\)/g),
  ];
  const foreign = missing.map(([, name]) => name).filter((name) => !/^(?:napi|node_api)_/.test(name));
  if (foreign.length > 0) faults.push(`nobody has its ${foreign.join(', ')}`);
  return faults;
}

/** Checks what makes a DLL safe to load: it may be put anywhere, and its data is no code. */
function peFaults(file) {
  const headers = outputOf('llvm-readobj', ['--file-headers', file]);
  const wanted = ['IMAGE_DLL_CHARACTERISTICS_DYNAMIC_BASE', 'IMAGE_DLL_CHARACTERISTICS_NX_COMPAT', 'IMAGE_FILE_DLL'];
  return wanted.filter((name) => !headers.includes(name)).map((name) => `it lacks ${name}`);
}

function words(text) {
  return text.split(/\s+/).filter((word) => word !== '');
}

const own = { linux: elfFaults, win32: peFaults, darwin: machFaults };
const architectures = { x64: 'x86_64', arm64: 'aarch64' };
const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/** The operators new and delete, which are weak on macOS and of which a process has one, and marks of the linker. */
const harmless = { darwin: /^(?:_Z(?:n[aw]|d[al])\w*|_mh_dylib_header|__dso_handle)$/ };

/** The libraries that each system has by itself, and the name that a library has for itself on macOS. */
const known = {
  glibc: /^(?:lib(?:c|dl|pthread|m|rt)\.so\.\d|ld-linux-\S+)$/,
  musl: /^libc\.so$/,
  win32: /^(?:KERNEL32|ADVAPI32|WS2_32|ntdll|api-ms-win-crt-[a-z]+-l1-1-0)\.dll$/i,
  darwin: /^(?:\/usr\/lib\/libSystem\.B\.dylib|tls_native\.node)$/,
};
