import {
  type HostBridge,
  isAllowed,
  isSameIp,
  type Machine,
  type Network,
  type NetworkLease,
  type NetworksSnapshot,
  type NetworkUser,
  parseInterface,
  formatSubnet,
  type TakenSubnet,
} from '@limen/contract';
import type { GivenLease, HostLinks, NetworkReading } from '../../ports/networks.ts';
import type { Principal } from '../../ports/principal.ts';
import { mayOnMachine } from '../visibility.ts';
import type { Plug } from './network-plugs.ts';

/** Everything about the networks of this host at one moment, whoever asks. */
export interface NetworkPicture {
  readonly readings: readonly NetworkReading[];
  readonly leases: ReadonlyMap<NetworkReading['id'], readonly GivenLease[]>;
  readonly links: HostLinks;
  readonly plugs: readonly Plug[];
}

/** What one person may see of it: administrators all, others their own machines with their leases. */
export function snapshotFor(principal: Principal, picture: NetworkPicture): NetworksSnapshot {
  const { readings, links } = picture;
  const manages = isAllowed('administrator', principal.role, false);
  return {
    networks: readings.map((reading) => networkFor(principal, reading, picture)),
    bridges: foreignBridges(picture).map(
      ({ name, up, members }): HostBridge => ({
        name,
        up,
        members: [...members],
        ...usersFor(
          principal,
          picture.plugs.filter((plug) => plug.type === 'bridge' && plug.source === name),
        ),
      }),
    ),
    surroundings: manages
      ? { taken: takenSubnets(picture), devices: [...links.devices] }
      : { taken: [], devices: [] },
  };
}

export function networkFor(principal: Principal, reading: NetworkReading, picture: NetworkPicture): Network {
  const { stored, live } = reading;
  const manages = isAllowed('administrator', principal.role, false);
  const owned = machinesByMac(principal, picture.plugs);
  const isOwn = ({ mac }: { readonly mac: string | null }): boolean => mac !== null && owned.has(mac);
  const visible = <S extends NetworkReading['stored']>(settings: S): S => ({
    ...settings,
    addresses: settings.addresses.map((address) => ({
      ...address,
      staticLeases: address.staticLeases.filter((lease) => manages || isOwn(lease)),
    })),
  });
  const given = picture.leases.get(reading.id) ?? [];
  return {
    ...reading,
    stored: visible(stored),
    live: live && visible(live),
    leases: given
      .filter((lease) => manages || isOwn(lease))
      .map((lease): NetworkLease => {
        const machine = lease.mac === null ? undefined : owned.get(lease.mac);
        return {
          ...lease,
          machine: machine === undefined ? null : { id: machine.id, name: nameOf(machine) },
          static: isStatic(lease, live),
        };
      }),
    ...usersFor(principal, plugsOf(reading, picture.plugs)),
  };
}

/** Interfaces that are plugged into a network, by its name or straight into its bridge. */
export function plugsOf({ name, stored, live }: NetworkReading, plugs: readonly Plug[]): Plug[] {
  const bridges = [stored, live].flatMap((settings) =>
    settings === null || settings.kind === 'bridge' || settings.bridge === null ? [] : [settings.bridge],
  );
  return plugs.filter(
    ({ type, source }) =>
      (type === 'network' && source === name) || (type === 'bridge' && bridges.includes(source)),
  );
}

/** Subnets of the host, and of all its networks but the one that is asked for. */
export function takenSubnets(
  { readings, links }: Pick<NetworkPicture, 'readings' | 'links'>,
  except?: NetworkReading['id'],
): TakenSubnet[] {
  const own = new Set(
    readings.flatMap(({ live }) => (live === null || live.kind === 'bridge' ? [] : [live.bridge])),
  );
  const networks = readings
    .filter(({ id }) => id !== except)
    .flatMap(({ name, stored, live }) =>
      [...new Set([...stored.addresses, ...(live?.addresses ?? [])].map(({ address }) => address))].flatMap(
        (address): TakenSubnet[] => {
          const subnet = parseInterface(address)?.subnet;
          return subnet === undefined ? [] : [{ subnet: formatSubnet(subnet), by: 'network', name }];
        },
      ),
    );
  return [...links.subnets.filter(({ name }) => !own.has(name)), ...networks];
}

/** Bridges of the host that no network of libvirt's made. */
export function foreignBridges({
  readings,
  links,
}: Pick<NetworkPicture, 'readings' | 'links'>): HostLinks['bridges'] {
  const own = new Set(
    readings.flatMap(({ stored, live }) =>
      [stored, live].map((settings) => (settings?.kind === 'bridge' ? null : settings?.bridge)),
    ),
  );
  return links.bridges.filter(({ name }) => !own.has(name));
}

/** A machine in the trash is known by the name it had. */
export function nameOf({ name, trashed }: Machine): string {
  return trashed?.name ?? name;
}

function usersFor(
  principal: Principal,
  plugs: readonly Plug[],
): { users: NetworkUser[]; hiddenUsers: number } {
  const seen = plugs.filter(({ machine }) => mayOnMachine(principal, 'machine:view', machine));
  const hidden = new Set(plugs.filter((plug) => !seen.includes(plug)).map(({ machine }) => machine.id));
  const users = seen.map(({ machine, mac, live }) => ({
    machineId: machine.id,
    name: nameOf(machine),
    mac,
    live,
  }));
  return {
    users: users.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    hiddenUsers: hidden.size,
  };
}

function machinesByMac(principal: Principal, plugs: readonly Plug[]): Map<string, Machine> {
  return new Map(
    plugs
      .filter(({ machine }) => mayOnMachine(principal, 'machine:view', machine))
      .map(({ mac, machine }) => [mac, machine]),
  );
}

function isStatic({ ip }: GivenLease, live: NetworkReading['live']): boolean {
  return (live?.addresses ?? []).some(({ staticLeases }) =>
    staticLeases.some((lease) => lease.ip !== null && isSameIp(lease.ip, ip)),
  );
}
