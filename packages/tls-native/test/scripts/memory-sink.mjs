/** What an engine tells, kept. */
export class MemorySink {
  outgoing = [];
  info;
  failure;
  ciphertext(batch) {
    this.outgoing.push(batch);
  }
  plaintext() {}
  handshake(info) {
    this.info = info;
  }
  session() {}
  keyLog() {}
  closed() {}
  failed(error) {
    this.failure = error;
  }
}
