import { z } from 'zod';
import { imageId, machineId, userId } from '../ids.ts';

/**
 * libvirt's `virDomainState` in words. `off` is SHUTOFF without, `saved` SHUTOFF with a managed save image;
 * `suspended` is PMSUSPENDED (the guest put itself to sleep), `paused` is what `virsh suspend` does.
 */
export const machineState = z.enum([
  'running',
  'paused',
  'shutting-down',
  'off',
  'saved',
  'crashed',
  'suspended',
]);
export type MachineState = z.infer<typeof machineState>;

/** libvirt's names: `destroy` is pulling the plug ("force off" on the screen), `suspend` pauses the vCPUs. */
export const powerAction = z.enum(['start', 'shutdown', 'reboot', 'reset', 'suspend', 'resume', 'destroy']);
export type PowerAction = z.infer<typeof powerAction>;

const allowedActions: Record<MachineState, readonly PowerAction[]> = {
  running: ['shutdown', 'reboot', 'suspend', 'reset', 'destroy'],
  paused: ['resume', 'reset', 'destroy'],
  'shutting-down': ['reset', 'destroy'],
  off: ['start'],
  saved: ['start'],
  crashed: ['reset', 'destroy'],
  suspended: ['reset', 'destroy'],
};

/** Actions that make sense in a state, the primary one first. Host and client decide by this one table. */
export function allowedPowerActions(state: MachineState): readonly PowerAction[] {
  return allowedActions[state];
}

export const accelerator = z.enum(['kvm', 'tcg']);
export type Accelerator = z.infer<typeof accelerator>;

export const machineDisk = z.object({
  /** Target in the guest's order, e.g. `vda`. */
  target: z.string(),
  /** 1 is tried first; null is not booted from. From `<boot order>`, or else from `<os><boot>`. */
  bootOrder: z.number().int().nullable(),
  device: z.enum(['disk', 'cdrom', 'floppy', 'lun']),
  bus: z.string(),
  /** File, block device, `pool/volume` or network name; null for an empty drive. */
  source: z.string().nullable(),
  /** `qcow2`, `raw` …, as the definition says; null when it says nothing, which libvirt takes for raw. */
  format: z.string().nullable().optional(),
});

export const machineInterface = z.object({
  mac: z.string(),
  model: z.string().nullable(),
  /** libvirt's interface type: network, bridge, user, direct … */
  type: z.string(),
  source: z.string().nullable(),
  bootOrder: z.number().int().nullable(),
});

/** A machine as libvirt has it, plus what only the database knows (the owner). Always complete. */
export const machine = z.object({
  id: machineId,
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  state: machineState,
  /** libvirt's reason, e.g. `booted`, `destroyed`, `crashed`, `ioerror`; null when it gives none. */
  stateReason: z.string().nullable(),
  /** When the present QEMU process started; null when it is off or unknown. */
  startedAt: z.iso.datetime().nullable(),
  persistent: z.boolean(),
  autostart: z.boolean(),
  accelerator,
  architecture: z.string(),
  machineType: z.string(),
  firmware: z.enum(['bios', 'uefi']),
  vcpus: z.object({ current: z.number().int(), maximum: z.number().int() }),
  memory: z.object({
    currentBytes: z.number().int(),
    maximumBytes: z.number().int(),
  }),
  /** libosinfo id from the definition's metadata, e.g. `http://debian.org/debian/12`. */
  osId: z.string().nullable(),
  disks: z.array(machineDisk),
  interfaces: z.array(machineInterface),
  consoles: z.object({ vnc: z.boolean(), serial: z.boolean() }),
  owner: z.object({ id: userId, username: z.string() }).nullable(),
  /** Made by LIMEN, or given to an owner; machines of other tools are shown to administrators only. */
  managed: z.boolean(),
  tags: z.array(z.string()),
  /** From the definition's metadata; null when it was not made from one. */
  presetId: z.string().nullable(),
  imageId: imageId.nullable(),
  /** Its first disk shares the blocks of that image. */
  linkedTo: imageId.nullable(),
  /** An installation is under way: the media is ejected when the guest reboots or powers off. */
  installing: z.boolean(),
  /** In the trash; nothing can be done with it but restoring and purging. */
  trashed: z
    .object({
      at: z.iso.datetime(),
      purgeAt: z.iso.datetime(),
      by: z.string(),
      /** Its name before, which it gets back. */
      name: z.string(),
      /** True when it started with the host before, as it will again. */
      autostart: z.boolean().optional(),
    })
    .nullable(),
});
export type Machine = z.infer<typeof machine>;
