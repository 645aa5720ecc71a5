// mqtt.js over a TlsSocket that its client gets from a stream builder.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { clientContext, secure } from '@org/tls-core/node';
import { MqttClient } from 'mqtt';

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });
const dial = () => secure(connect(Number(process.env.PORT), 'localhost'), { context, serverName: 'localhost' });

const client = new MqttClient(dial, {});
await once(client, 'connect');
const topic = `greetings/${client.options.clientId}`;
await client.subscribeAsync(topic);
const arrived = once(client, 'message');
await client.publishAsync(topic, 'hello from mosquitto', { qos: 1 });
console.log(String((await arrived)[1]));
await client.endAsync();
