import { z } from 'zod';
import { imageId, machineId } from '../ids.ts';
import { machineNetwork } from './creation.ts';
import { deviceEdits, hardwareDevices } from './hardware-devices.ts';
import { diskBus, interfaceModel } from './preset.ts';

const bytes = z.number().int().nonnegative();
const mebibytes = z
  .number()
  .int()
  .min(16 * 2 ** 20)
  .max(16 * 2 ** 40)
  .multipleOf(2 ** 20);

/** libvirt's `<cpu mode>`; null where the definition leaves the choice to QEMU. */
export const cpuMode = z.enum(['host-passthrough', 'host-model', 'maximum', 'custom']);
export type CpuMode = z.infer<typeof cpuMode>;

/** Sockets, cores of each and threads of each; their product is the maximum of vCPUs. */
export const cpuTopology = z.object({
  sockets: z.number().int().min(1).max(1024),
  cores: z.number().int().min(1).max(1024),
  threads: z.number().int().min(1).max(16),
});
export type CpuTopology = z.infer<typeof cpuTopology>;

/** QEMU's cache modes; `default` leaves it to QEMU (`writeback`). */
export const diskCache = z.enum(['default', 'none', 'writeback', 'writethrough', 'directsync', 'unsafe']);
export type DiskCache = z.infer<typeof diskCache>;
export const diskDiscard = z.enum(['default', 'unmap', 'ignore']);
export type DiskDiscard = z.infer<typeof diskDiscard>;

/** Throttling by QEMU; 0 is without limit. Bytes and operations a second. */
export const ioLimits = z.object({
  readBytesPerSecond: bytes,
  writeBytesPerSecond: bytes,
  readOperationsPerSecond: bytes,
  writeOperationsPerSecond: bytes,
});
export type IoLimits = z.infer<typeof ioLimits>;

export const hardwareDisk = z.object({
  /** libvirt's name for it, e.g. `vda`; one disk of a machine keeps it while it is attached. */
  target: z.string(),
  device: z.enum(['disk', 'cdrom', 'floppy', 'lun']),
  bus: z.string(),
  /** File, block device, `pool/volume` or network name; null for an empty drive. */
  source: z.string().nullable(),
  /** The library's entry that lies there; null when it is none. */
  imageId: imageId.nullable(),
  format: z.string().nullable(),
  /** What the guest sees; null for empty drives and where libvirt cannot tell. */
  capacityBytes: bytes.nullable(),
  /** What it takes on the host; null where libvirt cannot tell. */
  allocatedBytes: bytes.nullable(),
  cache: diskCache,
  discard: diskDiscard,
  readonly: z.boolean(),
  serial: z.string().nullable(),
  ioLimits,
  bootOrder: z.number().int().nullable(),
});
export type HardwareDisk = z.infer<typeof hardwareDisk>;

/** Averages in bytes a second as libvirt shapes them (KiB granularity); null is without limit. */
export const bandwidthLimits = z.object({
  inboundBytesPerSecond: bytes.nullable(),
  outboundBytesPerSecond: bytes.nullable(),
});
export type Bandwidth = z.infer<typeof bandwidthLimits>;

export const hardwareInterface = z.object({
  mac: z.string(),
  /** libvirt's interface type: network, bridge, user, direct … */
  type: z.string(),
  source: z.string().nullable(),
  model: z.string().nullable(),
  linkUp: z.boolean(),
  bandwidth: bandwidthLimits,
  bootOrder: z.number().int().nullable(),
});
export type HardwareInterface = z.infer<typeof hardwareInterface>;

/** Any device but disks and interfaces, as the definition lists it; `summary` is built of libvirt's own words. */
export const otherDevice = z.object({
  kind: z.enum([
    'controller',
    'input',
    'graphics',
    'video',
    'sound',
    'serial',
    'parallel',
    'console',
    'channel',
    'tpm',
    'rng',
    'watchdog',
    'balloon',
    'filesystem',
    'host-device',
    'redirected-device',
    'panic',
    'vsock',
    'smartcard',
  ]),
  summary: z.string(),
});
export type OtherDevice = z.infer<typeof otherDevice>;

/** Everything of one definition, be it the running QEMU's or the next start's. */
export const hardwareSet = z.object({
  vcpus: z.object({ current: z.number().int(), maximum: z.number().int() }),
  cpu: z.object({
    mode: cpuMode.nullable(),
    /** Named model where the mode is `custom`. */
    model: z.string().nullable(),
    topology: cpuTopology.nullable(),
  }),
  /** `currentBytes` is what the balloon leaves the guest; `maximumBytes` what QEMU was started with. */
  memory: z.object({ currentBytes: bytes, maximumBytes: bytes, balloon: z.boolean() }),
  firmware: z.object({ type: z.enum(['bios', 'uefi']), secureBoot: z.boolean() }),
  chipset: z.string(),
  ...hardwareDevices,
  disks: z.array(hardwareDisk),
  interfaces: z.array(hardwareInterface),
  others: z.array(otherDevice),
});
export type HardwareSet = z.infer<typeof hardwareSet>;

/** A machine's hardware: what runs, and what the next start gets. */
export const hardware = z.object({
  machineId,
  /**
   * Of the stored definition, whoever wrote it. An edit names the revision it was made on, so that nothing another
   * person or tool changed meanwhile is overwritten unseen.
   */
  revision: z.string(),
  stored: hardwareSet,
  /** Null while it does not run. */
  live: hardwareSet.nullable(),
  /** There is a definition before this one to go back to. */
  undoable: z.boolean(),
});
export type Hardware = z.infer<typeof hardware>;

const target = z.string().regex(/^[a-z]{2,8}$/);
const mac = z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/);
const pluggedInto = machineNetwork.refine(
  (network) => network.type !== 'none',
  'an interface needs a network',
);

/** What an added disk is made of. */
export const newDiskSource = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('new'),
    sizeBytes: z
      .number()
      .int()
      .min(2 ** 20)
      .max(64 * 2 ** 40),
  }),
  /** Administrators only: it names a path of the host. */
  z.object({ type: z.literal('attach'), path: z.string().startsWith('/').max(4096) }),
]);

/** One change to a machine's hardware. What is left out stays as it is. */
export const hardwareEdit = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('set-vcpus'),
    current: z.number().int().min(1).max(1024),
    maximum: z.number().int().min(1).max(1024),
  }),
  z.object({
    type: z.literal('set-cpu'),
    mode: cpuMode.nullable(),
    model: z.string().max(64).nullable(),
    topology: cpuTopology.nullable(),
  }),
  z.object({ type: z.literal('set-memory'), currentBytes: mebibytes, maximumBytes: mebibytes }),
  z.object({
    type: z.literal('add-disk'),
    source: newDiskSource,
    bus: diskBus,
    cache: diskCache.default('default'),
    discard: diskDiscard.default('unmap'),
  }),
  z.object({
    type: z.literal('add-drive'),
    bus: z.enum(['sata', 'ide', 'scsi']),
    imageId: imageId.nullable(),
  }),
  z.object({
    type: z.literal('update-disk'),
    target,
    bus: diskBus.optional(),
    cache: diskCache.optional(),
    discard: diskDiscard.optional(),
    ioLimits: ioLimits.optional(),
  }),
  z.object({
    type: z.literal('grow-disk'),
    target,
    sizeBytes: z
      .number()
      .int()
      .min(2 ** 20)
      .max(64 * 2 ** 40),
  }),
  /** Detach; the file stays unless it is LIMEN's own and `deleteFile` says so. */
  z.object({ type: z.literal('remove-disk'), target, deleteFile: z.boolean().default(false) }),
  /** Insert or change the medium of a drive; null ejects. */
  z.object({ type: z.literal('change-media'), target, imageId: imageId.nullable() }),
  z.object({
    type: z.literal('add-interface'),
    network: pluggedInto,
    model: interfaceModel,
    /** Made up by libvirt where absent. */
    mac: mac.optional(),
  }),
  z.object({
    type: z.literal('update-interface'),
    mac,
    network: pluggedInto.optional(),
    model: interfaceModel.optional(),
    newMac: mac.optional(),
    linkUp: z.boolean().optional(),
    bandwidth: bandwidthLimits.optional(),
  }),
  z.object({ type: z.literal('remove-interface'), mac }),
  /** Disk targets and MACs, first to last; others are not booted from. */
  z.object({ type: z.literal('set-boot-order'), devices: z.array(z.string().max(64)).max(16) }),
  ...deviceEdits,
]);
export type HardwareEdit = z.infer<typeof hardwareEdit>;
export type HardwareEditInput = z.input<typeof hardwareEdit>;

/** Where a disk goes, and what it is there. */
export const diskMove = z.object({
  target,
  format: z.enum(['qcow2', 'raw']),
  /** A pool of libvirt's that is a folder, for administrators; null is LIMEN's own folder. */
  pool: z.string().min(1).max(128).nullable(),
  /** How fast it is copied at most while the machine runs, so that enough is left for its own work; null is without limit. */
  bytesPerSecond: z
    .number()
    .int()
    .min(2 ** 20)
    .max(2 ** 40)
    .nullable()
    .default(null),
});
export type DiskMove = z.infer<typeof diskMove>;

/** What became of one edit: done in the running machine too, only stored for the next start, or refused. */
export const editResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('applied') }),
  z.object({ outcome: z.literal('at-next-start') }),
  z.object({
    outcome: z.literal('refused'),
    /** A code of the error vocabulary, e.g. `HYPERVISOR_ERROR`, `INVALID_INPUT`, `QUOTA_EXCEEDED`. */
    code: z.string(),
    detail: z.string(),
  }),
]);
export type EditResult = z.infer<typeof editResult>;

/** One kept definition of a machine, newest first. */
export const keptDefinition = z.object({
  id: z.string(),
  /** When it was replaced. */
  replacedAt: z.iso.datetime(),
  /** Who replaced it; null: another tool. */
  replacedBy: z.string().nullable(),
  xml: z.string(),
});
export type KeptDefinition = z.infer<typeof keptDefinition>;
