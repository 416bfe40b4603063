import { z } from 'zod';
import { firmware, videoModel } from './preset.ts';

/** Sound cards by libvirt's names: Intel's of two generations. */
export const soundModel = z.enum(['ich9', 'ich6', 'ac97']);
export type SoundModel = z.infer<typeof soundModel>;

/** Watchdogs QEMU has: a PCI card, and the one in the q35 chipset. */
export const watchdogModel = z.enum(['i6300esb', 'itco']);
export type WatchdogModel = z.infer<typeof watchdogModel>;
/** What becomes of a machine whose system feeds its watchdog no more. */
export const watchdogAction = z.enum(['reset', 'poweroff', 'shutdown', 'pause', 'none']);
export type WatchdogAction = z.infer<typeof watchdogAction>;

/** How a folder of the host is shared: virtiofs is fast and needs a new system, 9p is everywhere. */
export const folderDriver = z.enum(['virtiofs', '9p']);
export type FolderDriver = z.infer<typeof folderDriver>;

/** A folder of the host that the guest can mount by its tag. */
export const sharedFolder = z.object({
  tag: z.string(),
  path: z.string(),
  driver: folderDriver,
  readonly: z.boolean(),
});
export type SharedFolder = z.infer<typeof sharedFolder>;

/** Devices there is one of, or none, and ports and folders. Models are libvirt's names, whoever chose them. */
export const hardwareDevices = {
  tpm: z.object({ model: z.string(), version: z.string().nullable(), emulated: z.boolean() }).nullable(),
  video: z.object({ model: z.string(), heads: z.number().int() }).nullable(),
  /** Kinds of screens the machine is shown on, e.g. `vnc`. */
  graphics: z.array(z.string()),
  sound: z.string().nullable(),
  rng: z.boolean(),
  watchdog: z.object({ model: z.string(), action: z.string() }).nullable(),
  /** Numbers as the guest counts them: `ttyS0`, COM1 is 0. */
  serialPorts: z.array(z.object({ port: z.number().int(), type: z.string() })),
  sharedFolders: z.array(sharedFolder),
};

const tag = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/);

/** Changes to them; each says how its part is to be. */
export const deviceEdits = [
  z.object({ type: z.literal('set-firmware'), firmware, secureBoot: z.boolean() }),
  /** Forget the UEFI variables: boot entries and enrolled keys are as at first. The machine has to be off. */
  z.object({ type: z.literal('reset-nvram') }),
  z.object({ type: z.literal('set-tpm'), present: z.boolean() }),
  z.object({
    type: z.literal('set-video'),
    model: videoModel,
    /** Monitors; more than one with `virtio` and `qxl` only. */
    heads: z.number().int().min(1).max(4),
  }),
  z.object({ type: z.literal('set-sound'), model: soundModel.nullable() }),
  z.object({ type: z.literal('set-rng'), present: z.boolean() }),
  z.object({ type: z.literal('set-watchdog'), model: watchdogModel.nullable(), action: watchdogAction }),
  z.object({ type: z.literal('add-serial') }),
  z.object({ type: z.literal('remove-serial'), port: z.number().int().min(0).max(255) }),
  /** Administrators only: it names a path of the host. */
  z.object({
    type: z.literal('add-folder'),
    path: z.string().startsWith('/').max(4096),
    /** What the guest mounts it by. */
    tag,
    driver: folderDriver,
    readonly: z.boolean(),
  }),
  z.object({ type: z.literal('remove-folder'), tag: z.string().max(255) }),
] as const;
