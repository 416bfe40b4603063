import { z } from 'zod';
import { imageId, jobId, machineId, userId } from '../ids.ts';
import { diskBus, firmware, interfaceModel, machineChipset, videoModel } from './preset.ts';

/** Fits libvirt's names, file names, and what a person can tell apart: no slash, no control character, no edge space. */
export const machineName = z
  .string()
  .max(80)
  .regex(/^[\p{L}\p{N}_](?:[\p{L}\p{N}_ .+-]*[\p{L}\p{N}_+-])?$/u)
  .transform((text) => text.normalize('NFC'));

/** A name for several machines at once: `{n}` stands for the running number. */
export const machineNamePattern = z
  .string()
  .max(80)
  .refine((pattern) => machineName.safeParse(pattern.replaceAll('{n}', '1')).success, 'not a machine name');

/** Text that a definition, which is XML, can hold: no control characters but tabs and line ends, no half characters. */
export const machineDescription = z
  .string()
  .max(4096)
  .regex(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);

export const tag = z
  .string()
  .trim()
  .min(1)
  .max(32)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]*$/u);
export const tags = z.array(tag).max(16);

/** RFC 1123 host name, at most 63 characters a label. */
export const hostname = z
  .string()
  .max(253)
  .regex(/^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/);

const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const ip = z.union([z.ipv4(), z.ipv6()]);

/** NoCloud seed. `userData` replaces what the other fields would make (but the network) and is checked as cloud-config. */
export const cloudInit = z.object({
  hostname: hostname.optional(),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/)
    .optional(),
  /** In clear; the host hashes it (SHA-512 crypt) before it is written anywhere. */
  password: z.string().min(1).max(256).optional(),
  sshKeys: z
    .array(
      z
        .string()
        .trim()
        .max(16_384)
        .regex(/^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]+( [^\n]*)?$/),
    )
    .max(32)
    .default([]),
  packages: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9][A-Za-z0-9+._:@/=~-]*$/)
        .max(128),
    )
    .max(128)
    .default([]),
  /** Shell commands run at the end of the first boot, in order. */
  runCommands: z.array(z.string().min(1).max(4096)).max(64).default([]),
  network: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('dhcp') }),
      z.object({
        type: z.literal('static'),
        /** Address with prefix length, e.g. `192.0.2.10/24`. */
        address: cidr,
        gateway: ip.optional(),
        nameservers: z.array(ip).max(8).default([]),
      }),
    ])
    .default({ type: 'dhcp' }),
  userData: z.string().max(65_536).optional(),
});
export type CloudInit = z.infer<typeof cloudInit>;

/** Where the first disk comes from. */
export const machineSource = z.discriminatedUnion('type', [
  /** Installation from an ISO onto an empty disk. */
  z.object({ type: z.literal('iso'), imageId }),
  /** A copy-on-write disk over a ready system, set up by cloud-init at its first boot. */
  z.object({ type: z.literal('cloud'), imageId, cloudInit }),
  /** `linked` shares the template's blocks, `full` copies them. */
  z.object({
    type: z.literal('template'),
    imageId,
    mode: z.enum(['linked', 'full']),
    cloudInit: cloudInit.optional(),
  }),
  /**
   * A disk that is there: `attach` uses the file where it lies (administrators only: it names a path of the host),
   * `copy` converts an image of the library (qcow2, raw, OVA's disk) into a disk of the machine's own.
   */
  z.object({ type: z.literal('attach'), path: z.string().startsWith('/').max(4096) }),
  z.object({ type: z.literal('copy'), imageId }),
  /** An empty disk and nothing to boot from yet. */
  z.object({ type: z.literal('empty') }),
]);
export type MachineSource = z.infer<typeof machineSource>;

export const machineNetwork = z.discriminatedUnion('type', [
  z.object({ type: z.literal('network'), name: z.string().min(1).max(255) }),
  z.object({
    type: z.literal('bridge'),
    name: z
      .string()
      .min(1)
      .max(15)
      .regex(/^[^\s/]+$/),
  }),
  /** QEMU's user-mode network: out only, no set-up. */
  z.object({ type: z.literal('user') }),
  z.object({ type: z.literal('none') }),
]);
export type MachineNetwork = z.infer<typeof machineNetwork>;

const memoryBytes = z
  .number()
  .int()
  .min(16 * 2 ** 20)
  .max(16 * 2 ** 40)
  .multipleOf(2 ** 20);
const diskBytes = z
  .number()
  .int()
  .min(2 ** 20)
  .max(64 * 2 ** 40);

/** Overrides of what the preset says; absent means as the preset has it. */
export const hardwareOverrides = z.object({
  firmware: firmware.optional(),
  secureBoot: z.boolean().optional(),
  tpm: z.boolean().optional(),
  chipset: machineChipset.optional(),
  diskBus: diskBus.optional(),
  interfaceModel: interfaceModel.optional(),
  videoModel: videoModel.optional(),
});

/** A machine to be made, or `count` of them. */
export const newMachine = z
  .object({
    source: machineSource,
    name: machineNamePattern,
    count: z.number().int().min(1).max(50).default(1),
    /** Number `{n}` starts at. */
    firstNumber: z.number().int().min(0).max(100_000).default(1),
    presetId: z.string().max(64),
    description: machineDescription.default(''),
    tags: tags.default([]),
    vcpus: z.number().int().min(1).max(1024),
    memoryBytes,
    /** Size of the first disk; grown to it where the source is smaller. Ignored by `attach`. */
    diskBytes,
    network: machineNetwork,
    hardware: hardwareOverrides.default({}),
    autostart: z.boolean().default(false),
    startAfterCreation: z.boolean().default(true),
    /** Administrators may make machines for others; the caller otherwise. */
    ownerId: userId.optional(),
  })
  .refine((m) => m.count === 1 || m.name.includes('{n}'), {
    path: ['name'],
    message: 'several machines need {n} in their name',
  });
export type NewMachine = z.infer<typeof newMachine>;
export type NewMachineInput = z.input<typeof newMachine>;

/** Answer to a creation: one job each; the machine has that id from the first moment. */
export const startedCreation = z.object({ jobId, machineId, name: z.string() });

/** The names a pattern yields, in order. */
export function expandNames(pattern: string, count: number, firstNumber: number): string[] {
  return Array.from({ length: count }, (_, index) => pattern.replaceAll('{n}', String(firstNumber + index)));
}

/** Whether a host can do something, and when not, why and what would help. */
const offer = z.object({
  available: z.boolean(),
  /** Stable reason when not: `no-firmware`, `no-swtpm`, `not-in-qemu`. */
  reason: z.enum(['no-firmware', 'no-swtpm', 'not-in-qemu']).nullable(),
  /** Packages of the host's distribution that would change it. */
  packages: z.array(z.string()),
});
export type Offer = z.infer<typeof offer>;

/** What a host can make, and how much of it is left. */
export const creationOptions = z.object({
  offers: z.object({
    kvm: offer.omit({ reason: true }),
    bios: offer,
    uefi: offer,
    secureBoot: offer,
    tpm: offer,
    /** Taking its identity out of a system that becomes a template; absent: an older host. */
    generalise: offer.omit({ reason: true }).optional(),
  }),
  chipsets: z.array(machineChipset),
  diskBuses: z.array(diskBus),
  videoModels: z.array(videoModel),
  networks: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['network', 'bridge']),
      /** libvirt's forward mode (`nat`, `route`, `open`, `bridge` …); null: isolated, or a plain bridge. */
      forward: z.string().nullable(),
      active: z.boolean(),
    }),
  ),
  maximumVcpus: z.number().int(),
  capacity: z.object({
    logicalCpus: z.number().int(),
    memoryBytes: z.number().int(),
    /** Memory of machines that are on, and of those being made. */
    memoryPromisedBytes: z.number().int(),
    /** What new machines may still take, reserves and overcommit ratio considered. */
    memoryAvailableBytes: z.number().int(),
    diskBytes: z.number().int(),
    diskAvailableBytes: z.number().int(),
  }),
});
export type CreationOptions = z.infer<typeof creationOptions>;

/** Null is without limit. */
export const quotaLimits = z.object({
  machines: z.number().int().nonnegative().nullable(),
  vcpus: z.number().int().nonnegative().nullable(),
  memoryBytes: z.number().int().nonnegative().nullable(),
  diskBytes: z.number().int().nonnegative().nullable(),
});
export type QuotaLimits = z.infer<typeof quotaLimits>;

/** What somebody may have and has; machines being made count. */
export const quota = z.object({
  userId,
  /** Administrators have none; what is not set for a user comes from the default. */
  limits: quotaLimits,
  used: z.object({
    machines: z.number().int(),
    vcpus: z.number().int(),
    memoryBytes: z.number().int(),
    diskBytes: z.number().int(),
  }),
});
export type Quota = z.infer<typeof quota>;

/** A machine's disk, as far as deleting it is concerned. */
export const deletionDisk = z.object({
  path: z.string(),
  bytes: z.number().int().nullable(),
  /** In LIMEN's own pool: goes with the machine. Others only when named. */
  managed: z.boolean(),
  /** Other machines, or images, that need it; such a disk is never deleted. */
  neededBy: z.array(z.string()),
});
export type DeletionDisk = z.infer<typeof deletionDisk>;

export const cloneRequest = z.object({
  machineId,
  name: machineName,
  mode: z.enum(['full', 'linked']),
  /** As it was at this snapshot, instead of now; full copies only. An internal one asks for a machine that is off. */
  snapshot: z.string().min(1).max(1024).optional(),
  description: machineDescription.optional(),
  startAfterCreation: z.boolean().default(false),
});
