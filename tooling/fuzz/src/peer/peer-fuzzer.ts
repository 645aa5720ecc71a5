import { Finding, type FuzzCase, type Fuzzer } from '../fuzzer.ts';
import { Connection } from './connection.ts';
import { Damage } from './damage.ts';
import { eagerOwner } from './eager-owner.ts';
import { scenarios } from './scenario.ts';
import { Stage } from './stage.ts';
import { createSubject, subjectNames, subjectTurns, type SubjectName } from './subject.ts';

/** Lets a misbehaving peer, which is made of our own engine, meet every backend, role and version. */
export const peerFuzzer: Fuzzer = {
  name: 'peer',
  casesInTests: 750,
  async start() {
    const stages = await makeStages();
    const fuzzCase: FuzzCase = async (random, note) => {
      const stage = random.pick(stages.get(random.pick(subjectTurns)) ?? []);
      note(stage.name);
      const damage = new Damage(random, note);
      stage.damage = damage;
      stage.random = random;
      const act = random.oneIn(3) ? eagerOwner(random, note) : undefined;
      const connection = new Connection(stage, act);
      try {
        connection.start();
        await connection.pump();
        if (connection.isOpen) await connection.talk(random);
        await connection.end();
        if (damage.isNone) connection.checkPeer();
        // Early data that is refused does not come as plaintext.
        if (stage.scenario.engine?.earlyData === undefined) connection.checkPlaintext(damage.sealed);
      } finally {
        connection.destroy();
      }
      const most = stage.honestCpu * mostRatio + grace;
      if (connection.cpu > most) throw new Finding(`it took ${connection.cpu} µs of CPU, expected at most ${most}`);
    };
    return fuzzCase;
  },
};

/**
 * A connection may take so many times the CPU of an honest one, and so many microseconds more, in which the machine may collect garbage.
 */
const mostRatio = 30;
const grace = 300_000;

async function makeStages(): Promise<ReadonlyMap<SubjectName, readonly Stage[]>> {
  const stages = new Map<SubjectName, readonly Stage[]>();
  for (const subject of subjectNames) {
    const backend = createSubject(subject);
    const own = scenarios.flatMap((scenario) =>
      scenario.versions.flatMap((version) =>
        (['client', 'server'] as const).flatMap(
          (role) => Stage.make({ scenario, version, role, subject, backend }) ?? [],
        ),
      ),
    );
    for (const stage of own) await rehearse(stage);
    stages.set(subject, own);
  }
  return stages;
}

/** Makes an honest connection, which must succeed. Where sessions are resumed, it gives the first one. */
async function rehearse(stage: Stage): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    const connection = new Connection(stage);
    connection.start();
    // A step on another thread takes as long as it takes: only a failure shows that nothing more comes.
    do await connection.pump();
    while (!connection.isOpen && connection.victim.failure === undefined);
    if (!connection.isOpen)
      throw new Error(`${stage.name}: no honest connection`, { cause: connection.victim.failure });
    stage.honestCpu = Math.max(stage.honestCpu, connection.cpu);
    connection.destroy();
    if (stage.scenario.resumes === true && stage.session === undefined) stage.session = connection.sessions.at(-1);
    if (stage.scenario.resumes === true && stage.session === undefined) throw new Error(`${stage.name}: no session`);
  }
}
