import type { Accelerator, HypervisorStatus, Machine, MachineId, PowerAction } from '@limen/contract';

/** A machine as libvirt alone knows it; the owner is added from the database. */
export type HypervisorMachine = Omit<Machine, 'owner'>;

/** Cumulative counters of one running machine; rates are the caller's business. Null where QEMU gave none. */
export interface MachineCounters {
  readonly machineId: MachineId;
  /** Total vCPU + emulator time in ns (`cpu.time`). */
  readonly cpuTimeNs: number | null;
  readonly vcpus: number;
  readonly memoryUsedBytes: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
  readonly networkReceiveBytes: number | null;
  readonly networkTransmitBytes: number | null;
}

/** Cumulative CPU times and present memory of the hypervisor itself. */
export interface HostCounters {
  readonly cpuBusyNs: number;
  readonly cpuTotalNs: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
}

export interface HypervisorFacts {
  readonly uri: string;
  readonly hostname: string;
  /** `major.minor.patch` */
  readonly libvirtVersion: string;
  readonly qemuVersion: string | null;
  readonly cpu: {
    readonly model: string;
    readonly architecture: string;
    readonly logicalCpus: number;
    readonly sockets: number;
    readonly coresPerSocket: number;
    readonly threadsPerCore: number;
    readonly mhz: number;
  };
  readonly memoryBytes: number;
}

export interface Acceleration {
  readonly chosen: Accelerator;
  readonly overridden: boolean;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly detail: string }[];
}

/** Where a machine's VNC server listens, on this host. */
export type ConsoleEndpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

export type Unsubscribe = () => void;

/**
 * libvirt as the services see it. Every method rejects with `HYPERVISOR_UNAVAILABLE` while there is no
 * connection, `HYPERVISOR_ERROR` when libvirt refuses, `NOT_FOUND` when it says there is no such domain and
 * `TIMEOUT` past its deadline.
 */
export interface Hypervisor {
  /** Begin connecting; returns at once and keeps (re)connecting until {@link close}. */
  start(): void;
  close(): Promise<void>;

  readonly status: HypervisorStatus;
  /**
   * Called on every change of {@link status}. `connected` is announced after event subscriptions are in place,
   * so a full list made on it misses nothing.
   */
  onStatus(listener: (status: HypervisorStatus) => void): Unsubscribe;
  /** A domain was defined, undefined, started, stopped, or changed in any way a record shows. */
  onMachineChanged(listener: (machineId: MachineId) => void): Unsubscribe;

  listMachines(): Promise<HypervisorMachine[]>;
  getMachine(machineId: MachineId): Promise<HypervisorMachine>;
  /** Rejects with `CONFLICT` (`wrong-state`, with the state and what it allows) when it makes no sense now. */
  power(machineId: MachineId, action: PowerAction): Promise<void>;
  /** Counters of all running machines by one bulk call (split, no-wait); a busy machine is left out. */
  machineCounters(): Promise<MachineCounters[]>;
  hostCounters(): Promise<HostCounters>;
  facts(): Promise<HypervisorFacts>;
  readonly acceleration: Acceleration;
  /** Rejects with `CONFLICT` (`no-console`) when the machine is off or has no VNC display. */
  vncEndpoint(machineId: MachineId): Promise<ConsoleEndpoint>;
}
