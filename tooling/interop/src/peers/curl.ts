import { runProgram } from '../child-process.ts';
import type { ClientPeer } from '../peer.ts';

export const curl: ClientPeer = {
  name: 'curl',
  fetchPage: (port, { ca, chain, key }, { provesItself, resumes } = {}) => {
    const url = `https://localhost:${port}/`;
    return runProgram({
      command: 'curl',
      install: 'apt-get install curl',
      args: [
        '-sS',
        '--max-time',
        '15',
        '--noproxy',
        '*',
        '--cacert',
        ca,
        ...(provesItself === true ? ['--cert', chain, '--key', key] : []),
        ...(resumes === true ? [url, url] : [url]),
      ],
    });
  },
};
