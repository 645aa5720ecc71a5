import { createRoot, type TestCertificate } from '@org/pki';
import type { Identity, Scene } from './endpoint.ts';
import { LeafMaker } from './leaf-maker.ts';
import type { Credentials } from './pair.ts';

type KeyAlgorithm = Scene['key'];

/** Makes the certificates of a run: one root for each kind of key, and leaves right under it. */
export class Identities {
  readonly #roots = new Map<KeyAlgorithm, Promise<TestCertificate>>();
  #maker: LeafMaker | undefined;
  readonly #lasting = new Map<KeyAlgorithm, Promise<Identity>>();

  /** Gives one identity, the same at each call. */
  async lasting(key: KeyAlgorithm): Promise<Credentials> {
    let identity = this.#lasting.get(key);
    if (identity === undefined) {
      identity = this.#issue(key);
      this.#lasting.set(key, identity);
    }
    return { ca: (await this.#root(key)).certificatePem, identities: [await identity] };
  }

  /** Gives identities with ECDSA keys that nobody has seen. */
  async fresh(count: number): Promise<Credentials> {
    const root = await this.#root('ecdsa-p256');
    this.#maker ??= new LeafMaker(root, await root.issue({ names: ['localhost'] }));
    const maker = this.#maker;
    return { ca: root.certificatePem, identities: Array.from({ length: count }, () => maker.make()) };
  }

  async #issue(algorithm: KeyAlgorithm): Promise<Identity> {
    const root = await this.#root(algorithm);
    const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'], algorithm });
    return { chain: chainPem, key: privateKeyPem };
  }

  #root(algorithm: KeyAlgorithm): Promise<TestCertificate> {
    let root = this.#roots.get(algorithm);
    if (root === undefined) {
      root = createRoot({ algorithm });
      this.#roots.set(algorithm, root);
    }
    return root;
  }
}
