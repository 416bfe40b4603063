import type { HostLinkId } from '@limen/contract';
import { inventoryStore } from '../stores/inventory.ts';

/** `web-1` → `web-1-2`, or the first number after it that no machine of the host has. */
export function freeName(name: string, linkId: HostLinkId): string {
  const machines = inventoryStore.getState().hosts.get(linkId)?.machines.values() ?? [];
  const taken = new Set([...machines].map((machine) => machine.name));
  let number = 2;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
