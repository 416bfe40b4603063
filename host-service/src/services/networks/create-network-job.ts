import { networkId, newNetwork } from '@limen/contract';
import type { z } from 'zod';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { HostNetworks, NetworkPlan } from '../../ports/networks.ts';
import type { NoState } from '../lifecycle/job-steps.ts';

const createNetworkArgs = newNetwork.extend({ id: networkId });
type CreateNetworkArgs = z.infer<typeof createNetworkArgs>;

export interface CreateNetworkDependencies {
  readonly hostNetworks: Pick<HostNetworks, 'define' | 'start' | 'remove' | 'setAutostart'>;
  /** Run `define` while no other network changes, once it still fits beside them. */
  readonly definedBesideOthers: (plan: NetworkPlan, define: () => Promise<void>) => Promise<void>;
  readonly onChanged: () => void;
}

/** A network that cannot be started is not left behind, whatever dies in between. */
export function createNetworkJob(deps: CreateNetworkDependencies): JobDefinition<CreateNetworkArgs, NoState> {
  const { hostNetworks } = deps;
  return {
    kind: 'network.create',
    args: createNetworkArgs,
    concurrency: 1,
    steps: [
      {
        name: 'define-network',
        run: ({ args }) => deps.definedBesideOthers(args, () => hostNetworks.define(args)),
        undo: ({ args }) => hostNetworks.remove(args.id),
      },
      { name: 'start', run: ({ args }) => hostNetworks.start(args.id) },
      {
        name: 'autostart',
        async run({ args }) {
          if (args.autostart) await hostNetworks.setAutostart(args.id, true);
        },
      },
    ],
    onFinished: () => deps.onChanged(),
  };
}
