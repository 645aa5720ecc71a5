// mqtt.js over TLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connectAsync } from 'mqtt';

const client = await connectAsync(`mqtts://localhost:${process.env.PORT}`, {
  ca: readFileSync(process.env.CA),
  reconnectPeriod: 0,
});
const topic = `greetings/${client.options.clientId}`;
await client.subscribeAsync(topic);
const arrived = once(client, 'message');
await client.publishAsync(topic, 'hello from mosquitto', { qos: 1 });
console.log(String((await arrived)[1]));
await client.endAsync();
