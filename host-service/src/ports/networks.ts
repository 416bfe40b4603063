import type {
  NetworkEdit,
  NetworkId,
  NetworkLease,
  NetworkSettings,
  NewNetwork,
  TakenSubnet,
} from '@limen/contract';
import type { Unsubscribe } from './hypervisor.ts';
import type { ChangeOutcome } from './machine-hardware.ts';

/** One network as libvirt has it. */
export interface NetworkReading {
  readonly id: NetworkId;
  readonly name: string;
  /** Digest of the stored definition. */
  readonly revision: string;
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
  /** What the next start gets; of a network that libvirt does not keep, what runs. */
  readonly stored: NetworkSettings;
  readonly live: NetworkSettings | null;
}

/** A network to be defined: every choice made. */
export interface NetworkPlan extends NewNetwork {
  readonly id: NetworkId;
}

export type GivenLease = Pick<NetworkLease, 'ip' | 'mac' | 'hostname' | 'expiresAt'>;

export interface BridgeReading {
  readonly name: string;
  readonly up: boolean;
  readonly members: readonly string[];
}

/** The host's own side of its networks. */
export interface HostLinks {
  /** All of them, libvirt's too. */
  readonly bridges: readonly BridgeReading[];
  readonly devices: readonly string[];
  /** What the host reaches without a gateway of last resort, by device. */
  readonly subnets: readonly TakenSubnet[];
}

/**
 * Networks of libvirt's and links of the host. Methods reject with `NOT_FOUND` (kind `network`), or as the
 * hypervisor's do. Those that jobs use may be repeated: what is so already is left so.
 */
export interface HostNetworks {
  list(): Promise<NetworkReading[]>;
  read(id: NetworkId): Promise<NetworkReading>;
  /** What was given out and has not run out; none of a network without DHCP. */
  leases(id: NetworkId): Promise<GivenLease[]>;
  links(): Promise<HostLinks>;
  /** Told when a network was defined, undefined, started or stopped. libvirt does not tell of other changes. */
  onChanged(listener: () => void): Unsubscribe;

  define(plan: NetworkPlan): Promise<void>;
  start(id: NetworkId): Promise<void>;
  stop(id: NetworkId): Promise<void>;
  /** Stop it and remove its definition. No such network is fine. */
  remove(id: NetworkId): Promise<void>;
  setAutostart(id: NetworkId, autostart: boolean): Promise<void>;
  /**
   * Make one change, in the running network too where libvirt can. One that is refused leaves the network as it was.
   * Rejects with `CONFLICT` (`wrong-state`) for a network whose definition libvirt does not keep.
   */
  change(id: NetworkId, edit: NetworkEdit): Promise<ChangeOutcome>;
}
