import type { JobDefinition } from '../../ports/jobs.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type TakeArgs, takeArgs } from './job-args.ts';
import { clearInterrupted, takeSnapshot, type TakingDependencies } from './taking.ts';

export interface CreateJobDependencies extends TakingDependencies {
  readonly inventory: Pick<Inventory, 'refresh'>;
  readonly changed: (machineId: TakeArgs['machineId']) => void;
}

interface CreateState {
  /** Seconds since 1970, as libvirt counts: what is older under that name is somebody else's. */
  readonly since: number;
}

/** Take a snapshot. Libvirt cannot stop in the middle: one that is cancelled is deleted when it is complete. */
export function createSnapshotJob(deps: CreateJobDependencies): JobDefinition<TakeArgs, CreateState> {
  const { snapshots, inventory } = deps;
  return {
    kind: 'snapshot.create',
    args: takeArgs,
    concurrency: 2,
    steps: [
      {
        name: 'snapshot',
        prepare: () => ({ since: Math.floor(Date.now() / 1000) }),
        async run({ args, log }) {
          await takeSnapshot(deps, args, log);
          await inventory.refresh(args.machineId);
        },
        async undo({ args, state: { since = 0 }, log }) {
          const { machineId, plan } = args;
          const { snapshots: known } = await snapshots.read(machineId);
          const taken = known.find(({ name }) => name === plan.name);
          if (taken !== undefined && taken.createdAt.getTime() / 1000 >= since) {
            await snapshots.remove(machineId, plan.name, { onProgress: () => {} });
          }
          await clearInterrupted(deps, args).catch((error: unknown) => log(String(error)));
        },
      },
    ],
    onFinished: ({ subject: { machineId } }) => {
      if (machineId !== null) deps.changed(machineId);
    },
  };
}
