// amqplib over TLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'amqplib';

const connection = await connect(`amqps://localhost:${process.env.PORT}`, { ca: readFileSync(process.env.CA) });
const channel = await connection.createChannel();
const { queue } = await channel.assertQueue('', { exclusive: true });
await channel.consume(queue, (message) => channel.emit('greeting', message.content), { noAck: true });
const arrived = once(channel, 'greeting');
channel.sendToQueue(queue, Buffer.from('hello from rabbitmq'));
console.log(String((await arrived)[0]));
await connection.close();
