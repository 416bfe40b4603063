import { isAllowed, type Job, type Machine, type SnapshotTree } from '@limen/contract';
import { useLink } from '../../stores/links.ts';
import { useMachineJob } from '../../stores/jobs.ts';
import type { MachineRef } from '../../stores/machine-key.ts';

/** Why nothing can be done with the snapshots now. */
export type Hindrance = 'away' | 'role' | 'busy';

export interface SnapshotsModel {
  readonly target: MachineRef;
  readonly machine: Machine;
  readonly tree: SnapshotTree;
  readonly hindrance: Hindrance | null;
  /** Long work with the machine that is under way. */
  readonly job: Job | undefined;
}

export function useSnapshotsModel(target: MachineRef, machine: Machine, tree: SnapshotTree): SnapshotsModel {
  const link = useLink(target.linkId);
  const job = useMachineJob(target);
  const user = link?.user;
  const owns = user != null && machine.owner?.id === user.id;
  const hindrance =
    link?.state !== 'live'
      ? 'away'
      : !isAllowed('machine:manage', user?.role, owns)
        ? 'role'
        : job !== undefined
          ? 'busy'
          : null;
  return { target, machine, tree, hindrance, job };
}
