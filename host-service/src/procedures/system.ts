import { type Capability, CONTRACT_VERSION } from '@limen/contract';
import type { Services } from '../services/services.ts';
import type { Pipeline } from './pipeline.ts';

const CAPABILITIES: readonly Capability[] = [
  'machines.power',
  'consoles.vnc',
  'metrics.live',
  'images',
  'images.upload',
  'images.import',
  'images.template',
  'machines.create',
  'hardware',
  'storage',
  'snapshots',
  'networks',
];

export function systemHandlers(procedures: Pipeline['system'], { host }: Services) {
  return {
    // Answered to incompatible clients too: they show which host it is that they cannot talk to.
    handshake: procedures.handshake.handler(() => ({
      contractVersion: CONTRACT_VERSION,
      serviceVersion: host.identity.serviceVersion,
      hostId: host.identity.hostId,
      hostName: host.identity.name,
      capabilities: [...CAPABILITIES],
    })),
  };
}
