import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onFreePort, startServer } from '../child-process.ts';
import type { PeerServerOptions, PemFiles, ServerPeer } from '../peer.ts';

export const nginx: ServerPeer = {
  name: 'nginx',
  page: 'hello from nginx',
  startServer: (files, options = {}) =>
    onFreePort(async (port) => {
      const prefix = await mkdtemp(path.join(files.folder, 'nginx-'));
      const configuration = path.join(prefix, 'nginx.conf');
      await writeFile(configuration, configure(files, port, options));
      return startServer(
        {
          command: 'nginx',
          install: 'apt-get install nginx-light',
          args: ['-p', prefix, '-c', configuration, '-e', 'stderr'],
        },
        /start worker processes/,
        port,
      );
    }),
};

function configure(
  { ca, chain, key }: PemFiles,
  port: number,
  { version, onlyP256, requiresCertificate, acceptsEarlyData, requestsPerConnection }: PeerServerOptions,
): string {
  return `daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${kind};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};
    ssl_protocols ${version === undefined ? 'TLSv1.2 TLSv1.3' : `TLSv${version}`};
    ${onlyP256 === true ? 'ssl_ecdh_curve prime256v1;' : ''}
    ${requiresCertificate === true ? `ssl_verify_client on; ssl_client_certificate ${ca};` : ''}
    ${requestsPerConnection === undefined ? '' : `keepalive_requests ${requestsPerConnection};`}
    ${acceptsEarlyData === true ? 'ssl_early_data on;' : ''}
    location / { return 200 "hello from nginx\\n"; }
    location /early { return 200 "early data: $ssl_early_data\\n"; }
    location /not-early { if ($ssl_early_data) { return 425; } return 200 "early data: $ssl_early_data\\n"; }
  }
}
`;
}
