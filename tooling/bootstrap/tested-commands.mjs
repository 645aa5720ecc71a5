/** What builds the addon. */
export const compiler = ['c++'];

const servers = ['redis-server', 'postgres', 'mariadbd', 'mosquitto', 'exim4', 'rabbitmq-server', 'pebble'];
const proxies = ['squid', 'tinyproxy', 'danted'];

/** What the tests talk to. */
export const peers = ['openssl', 'gnutls-serv', 'gnutls-cli', 'nginx', 'curl', 'certutil', ...servers, ...proxies];
