import type { HostLinkId, MachineId } from '@limen/contract';

declare const brand: unique symbol;
/** Names one machine among all hosts. A machine id alone is not enough: it may live on two hosts after a copy. */
export type MachineKey = string & { readonly [brand]: 'MachineKey' };

export interface MachineRef {
  readonly linkId: HostLinkId;
  readonly machineId: MachineId;
}

export function machineKey(linkId: HostLinkId, machineId: MachineId): MachineKey {
  return `${linkId}/${machineId}` as MachineKey;
}

export function parseMachineKey(key: MachineKey): MachineRef {
  const slash = key.indexOf('/');
  return {
    linkId: key.slice(0, slash) as HostLinkId,
    machineId: key.slice(slash + 1) as MachineId,
  };
}
