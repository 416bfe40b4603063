import type { JobId } from '@limen/contract';
import type { StepEvent } from '../../../host-service/src/jobs/execution.ts';
import { type Deferred, deferred } from '../../fixtures/deferred.ts';
import type { FaultStage } from './stage.ts';
import type { Scenario } from './points.ts';

interface Held extends Scenario {
  readonly jobId: JobId;
  readonly arrived: Deferred;
  /** After the release it came by a point for the second time: an attempt has failed. */
  readonly repeated: Deferred;
  readonly passed: Set<string>;
}

const PATIENCE_MS = 30_000;

/** Leads each job to the point where it is to be when something is killed, and holds it there. */
export class Gate {
  readonly #stage: FaultStage;
  readonly #held = new Map<JobId, Held>();
  readonly #known = deferred();
  readonly #released = deferred();

  constructor(stage: FaultStage) {
    this.#stage = stage;
    stage.host.atStep((point) => this.#meet(point));
  }

  /** Resolves when all are where they are to be, those to be cancelled asked to. */
  async hold(scenarios: readonly { readonly scenario: Scenario; readonly begin: () => Promise<JobId> }[]) {
    await Promise.all(
      scenarios.map(async ({ scenario, begin }) => {
        const jobId = await begin();
        const waiting = { arrived: deferred(), repeated: deferred(), passed: new Set<string>() };
        this.#held.set(jobId, { ...scenario, jobId, ...waiting });
      }),
    );
    this.#known.resolve();
    await this.#all('arrived');
    for (const { jobId, route } of this.#held.values()) {
      if (route === 'cancelled') await this.#stage.api.jobs.cancel({ jobId });
    }
  }

  get jobIds(): JobId[] {
    return [...this.#held.keys()];
  }

  scenario(jobId: JobId): Scenario | undefined {
    return this.#held.get(jobId);
  }

  /** Let them go on. Resolves when each has ended, or has begun something again that failed. */
  async release(): Promise<void> {
    this.#released.resolve();
    await Promise.all(
      [...this.#held.values()].map(({ jobId, repeated }) =>
        Promise.race([repeated.promise, this.#stage.ended([jobId])]),
      ),
    );
  }

  async #meet({ jobId, step, moment }: StepEvent): Promise<void> {
    if (!this.#held.has(jobId)) await this.#known.promise;
    const held = this.#held.get(jobId);
    if (held === undefined) return;
    const point = `${step} ${moment}`;
    if (held.route === 'back' && point === `${held.work.steps.at(-1)} after-prepare`) {
      await this.#stage.api.jobs.cancel({ jobId });
    }
    if (step === held.step && moment === held.moment) {
      held.arrived.resolve();
      await this.#released.promise;
    }
    if (held.passed.has(point)) held.repeated.resolve();
    held.passed.add(point);
  }

  async #all(what: 'arrived'): Promise<void> {
    for (const held of this.#held.values()) await inTime(held[what].promise, `${held.name} ${what}`);
  }
}

async function inTime(promise: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not in time: ${what}`)), PATIENCE_MS);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
