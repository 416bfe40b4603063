import type {
  Job,
  MachineId,
  Network,
  NetworkEdit,
  NetworksSnapshot,
  NewNetworkInput,
} from '@limen/contract';
import { jobEnded } from '../fixtures/jobs.ts';
import { type HardwareHost, startHardwareHost } from './hardware-host.ts';
import type { AdministratorSession } from './session.ts';

type Api = AdministratorSession['api'];

/** A host whose networks can be made and changed, on a libvirtd with a network stack of its own. */
export interface NetworkHost {
  readonly host: HardwareHost;
  readonly api: Api;
  /** Ask for a network and wait for the end of its job. */
  create(wish: NewNetworkInput): Promise<Job>;
  find(name: string): Promise<Network | undefined>;
  get(name: string): Promise<Network>;
  /** Edit on what is there now. */
  edit(name: string, ...edits: NetworkEdit[]): ReturnType<Api['networks']['edit']>;
  /** Define a guest whose only interface is plugged into a network. */
  defineOn(network: string, name: string, mac: string): Promise<MachineId>;
  stop(): Promise<void>;
}

export async function startNetworkHost(): Promise<NetworkHost> {
  const host = await startHardwareHost();
  const { api } = host.session;
  const find = async (name: string): Promise<Network | undefined> =>
    (await api.networks.list({})).networks.find((network) => network.name === name);
  const get = async (name: string): Promise<Network> => {
    const network = await find(name);
    if (network === undefined) throw new Error(`there is no network ${name}`);
    return network;
  };
  return {
    host,
    api,
    find,
    get,
    create: async (wish) => jobEnded(api, (await api.networks.create(wish)).id),
    async edit(name, ...edits) {
      const { id: networkId, revision } = await get(name);
      return api.networks.edit({ networkId, revision, edits });
    },
    defineOn: (network, name, mac) => host.define(name, (xml) => pluggedInto(xml, network, mac)),
    stop: () => host.stop(),
  };
}

/** The first snapshot that `matches`, of those that are streamed from now on. */
export async function networksShow(
  api: Api,
  matches: (snapshot: NetworksSnapshot) => boolean,
  timeoutMs = 20_000,
): Promise<NetworksSnapshot> {
  const stop = AbortSignal.timeout(timeoutMs);
  for await (const snapshot of await api.networks.watch({}, { signal: stop })) {
    if (matches(snapshot)) return snapshot;
  }
  throw new Error('not seen before the stream ended');
}

function pluggedInto(xml: string, network: string, mac: string): string {
  const nic = `<interface type='network'><mac address='${mac}'/><source network='${network}'/><model type='virtio'/></interface>`;
  return xml.replace('</devices>', `${nic}</devices>`);
}
