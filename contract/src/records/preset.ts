import { z } from 'zod';

export const firmware = z.enum(['bios', 'uefi']);
export type Firmware = z.infer<typeof firmware>;
export const diskBus = z.enum(['virtio', 'scsi', 'sata', 'ide', 'usb']);
export type DiskBus = z.infer<typeof diskBus>;
export const interfaceModel = z.enum(['virtio', 'e1000e', 'e1000', 'rtl8139', 'vmxnet3']);
export type InterfaceModel = z.infer<typeof interfaceModel>;
export const videoModel = z.enum(['virtio', 'vga', 'qxl', 'bochs', 'cirrus', 'vmvga']);
export type VideoModel = z.infer<typeof videoModel>;
export const machineChipset = z.enum(['q35', 'pc']);
export type MachineChipset = z.infer<typeof machineChipset>;

const size = z.object({
  vcpus: z.number().int().min(1),
  memoryBytes: z.number().int().positive(),
  diskBytes: z.number().int().nonnegative(),
});

/** What an operating system wants of its machine: data of `resources/presets/`, sent to clients as it is. */
export const preset = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/)
    .max(64),
  /** As the system calls itself, e.g. `Debian 12`; not translated. */
  name: z.string().min(1),
  family: z.enum(['linux', 'windows', 'bsd', 'other']),
  /** libosinfo id written into definitions; null where libosinfo has none. */
  osId: z.string().nullable(),
  firmware,
  secureBoot: z.boolean(),
  tpm: z.boolean(),
  chipset: machineChipset,
  diskBus,
  interfaceModel,
  videoModel,
  /** `localtime` for Windows, which keeps the hardware clock so. */
  clock: z.enum(['utc', 'localtime']),
  /** Hyper-V enlightenments (QEMU's `hv-*`). */
  hyperv: z.boolean(),
  /** Attach the virtio-win drivers ISO, where the library has one, to installations. */
  virtioDrivers: z.boolean(),
  /** Cloud images of it read a NoCloud seed; the user they expect by default. */
  cloudInit: z.object({ defaultUser: z.string() }).nullable(),
  minimum: size,
  recommended: size,
  /** Regular expressions (case-insensitive) on an image's file name by which the preset is suggested. */
  fileNames: z.array(z.string()),
});
export type Preset = z.infer<typeof preset>;
