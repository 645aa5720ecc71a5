import { runProgram } from '../child-process.ts';
import type { ClientPeer } from '../peer.ts';

export const curl: ClientPeer = {
  name: 'curl',
  fetchPage: (port, { ca }) =>
    runProgram({
      command: 'curl',
      install: 'apt-get install curl',
      args: ['-sS', '--max-time', '15', '--noproxy', '*', '--cacert', ca, `https://localhost:${port}/`],
    }),
};
