import {
  consoleHash,
  type HostLinkId,
  hostLinkId,
  type ImageId,
  imageId,
  type MachineId,
  machineId,
  type NetworkId,
  networkId,
  type PoolId,
  poolId,
} from '@limen/contract';

/** One image of one host's library. */
export interface ImageRef {
  readonly linkId: HostLinkId;
  readonly imageId: ImageId;
}

/** Every place in the desktop that can be linked to. Lives in the URL's hash, so that windows can be opened on one. */
export type Route =
  | { readonly page: 'machines' }
  | {
      readonly page: 'machine';
      readonly linkId: HostLinkId;
      readonly machineId: MachineId;
    }
  | { readonly page: 'host'; readonly linkId: HostLinkId }
  /** A new machine; from an image of a host, when somebody came from there. */
  | { readonly page: 'new-machine'; readonly from?: ImageRef }
  | { readonly page: 'images' }
  /** The pools of a host; of the first one that can be asked, when none is named. */
  | { readonly page: 'storage'; readonly linkId?: HostLinkId }
  | { readonly page: 'pool'; readonly linkId: HostLinkId; readonly poolId: PoolId }
  | { readonly page: 'networks' }
  | { readonly page: 'network'; readonly linkId: HostLinkId; readonly networkId: NetworkId }
  | { readonly page: 'trash' }
  | { readonly page: 'settings' }
  | {
      readonly page: 'console';
      readonly linkId: HostLinkId;
      readonly machineId: MachineId;
    }
  /** A hidden window that has everything loaded and waits to become a console. */
  | { readonly page: 'console-standby' };

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'machine':
      return `#/machines/${route.linkId}/${route.machineId}`;
    case 'host':
      return `#/hosts/${route.linkId}`;
    case 'network':
      return `#/networks/${route.linkId}/${route.networkId}`;
    case 'new-machine':
      return route.from ? `#/new-machine/${route.from.linkId}/${route.from.imageId}` : '#/new-machine';
    case 'storage':
      return route.linkId === undefined ? '#/storage' : `#/storage/${route.linkId}`;
    case 'pool':
      return `#/storage/${route.linkId}/${route.poolId}`;
    case 'console':
      return consoleHash(route.linkId, route.machineId);
    case 'machines':
    case 'images':
    case 'networks':
    case 'trash':
    case 'settings':
    case 'console-standby':
      return `#/${route.page}`;
  }
}

/** Anything that is no route leads to the machines. */
export function parseRoute(hash: string): Route {
  const [page, first, second] = hash.replace(/^#\//, '').split('/');
  const link = hostLinkId.safeParse(first);
  const machine = machineId.safeParse(second);
  if (page === 'machines' && link.success && machine.success) {
    return { page: 'machine', linkId: link.data, machineId: machine.data };
  }
  if (page === 'console' && link.success && machine.success) {
    return { page: 'console', linkId: link.data, machineId: machine.data };
  }
  if (page === 'hosts' && link.success) return { page: 'host', linkId: link.data };
  if (page === 'new-machine') {
    const image = imageId.safeParse(second);
    return link.success && image.success
      ? { page, from: { linkId: link.data, imageId: image.data } }
      : { page };
  }
  if (page === 'storage') {
    const pool = poolId.safeParse(second);
    if (!link.success) return { page };
    return pool.success
      ? { page: 'pool', linkId: link.data, poolId: pool.data }
      : { page, linkId: link.data };
  }
  if (page === 'networks') {
    const network = networkId.safeParse(second);
    return link.success && network.success
      ? { page: 'network', linkId: link.data, networkId: network.data }
      : { page };
  }
  if (page === 'images' || page === 'trash') return { page };
  if (page === 'settings' || page === 'console-standby') return { page };
  return { page: 'machines' };
}
