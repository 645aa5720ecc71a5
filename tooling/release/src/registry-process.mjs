// A registry on loopback in a process of its own: `registry-process.mjs STORAGE UPLINK`. It sends its port over the channel to the process
// that started it, and ends when that channel does.

import { runServer } from 'verdaccio';

const [storage, uplink] = process.argv.slice(2);

/** Our packages come from here alone: what another registry has under their names is nobody's business. */
const packages = {
  '@org/*': { access: '$all', publish: '$authenticated', unpublish: '$authenticated' },
  '**': { access: '$all', proxy: 'uplink' },
};

const app = await runServer({
  self_path: storage,
  storage,
  auth: { htpasswd: { file: `${storage}/htpasswd`, max_users: 1 } },
  uplinks: { uplink: { url: uplink, maxage: '1d', timeout: '60s', max_fails: 10 } },
  packages,
  web: { enable: false },
  max_body_size: '100mb',
  log: { type: 'stdout', format: 'json', level: 'warn' },
});
const server = app.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit(0));
