import { hostname } from 'node:os';
import { DEFAULT_PORT, parseAddress } from '@limen/contract';
import { z } from 'zod';

const days = (fallback: number): z.ZodDefault<z.ZodInt> => z.int().min(1).max(3650).default(fallback);
const GiB = 2 ** 30;
const bytes = (fallback: number): z.ZodDefault<z.ZodInt> => z.int().min(0).default(fallback);
const path = z.string().startsWith('/').nullable().default(null);

/**
 * Every setting, once: its shape, its default, and in `describe` what a right value is, for error messages.
 * The same names are used in the file, and by `settings.ts` for the environment and the command line.
 */
export const sections = {
  data: z.strictObject({
    directory: z.string().startsWith('/').describe('an absolute path'),
  }),
  listen: z.strictObject({
    /** Loopback by default: opening a port to the network is for the owner of the machine to decide. */
    address: z
      .union([z.ipv4(), z.ipv6(), z.literal('localhost')])
      .default('127.0.0.1')
      .describe('an IP address, e.g. "0.0.0.0" for every IPv4 interface or "::" for all'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(DEFAULT_PORT)
      .describe('a whole number from 0 (any free port) to 65535'),
  }),
  host: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(64)
      .default(hostname)
      .describe('a name of 1 to 64 characters, shown to people'),
    publicAddress: z
      .string()
      .refine((text) => parseAddress(text) !== null)
      .nullable()
      .default(null)
      .describe('host or host:port under which desktops reach this service, e.g. "vm1.example.org:8443"'),
  }),
  libvirt: z.strictObject({
    uri: z
      .string()
      .regex(/^[a-z]+(\+[a-z]+)?:\/\/[^/]*\/.+$/)
      .default('qemu:///system')
      .describe('a libvirt URI, e.g. "qemu:///system"'),
    socket: path.describe('the absolute path of libvirtd’s unix socket'),
    acceleration: z.enum(['auto', 'kvm', 'tcg']).default('auto').describe('"auto", "kvm" or "tcg"'),
  }),
  database: z.strictObject({
    url: z
      .string()
      .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text))
      .nullable()
      .default(null)
      .describe('a PostgreSQL URL, e.g. "postgres://limen:…@db.example.org/limen"'),
  }),
  tls: z.strictObject({
    certificate: path.describe('the absolute path of a PEM certificate (chain)'),
    key: path.describe('the absolute path of the certificate’s PEM key'),
  }),
  log: z.strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('"debug", "info", "warn", "error" or "silent"'),
  }),
  tokens: z.strictObject({
    accessMinutes: z.int().min(1).max(60).default(15).describe('a whole number of minutes from 1 to 60'),
    refreshDays: days(30).describe('a whole number of days from 1 to 3650'),
  }),
  passwords: z.strictObject({
    // OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
    memoryKiB: z
      .int()
      .min(19_456)
      .max(4_194_304)
      .default(19_456)
      .describe('argon2id memory in KiB, at least 19456'),
    iterations: z.int().min(2).max(20).default(2).describe('argon2id passes from 2 to 20'),
    parallelism: z.int().min(1).max(16).default(1).describe('argon2id lanes from 1 to 16'),
  }),
  storage: z.strictObject({
    /** Images, machines' disks and what is being received; below a directory that QEMU may enter. */
    directory: z
      .string()
      .startsWith('/')
      .default('/var/lib/libvirt/limen')
      .describe('an absolute path, of a directory of LIMEN’s own that QEMU may enter'),
    scanDirectories: z
      .array(z.string().startsWith('/'))
      .default(['/var/lib/libvirt/images', '/var/lib/limen/iso'])
      .describe('a list of absolute paths'),
    maxImageBytes: bytes(64 * GiB).describe('the size of the largest image to receive, in bytes'),
    maxVirtualBytes: bytes(2048 * GiB).describe('the largest disk an image may hold, in bytes'),
    allowPrivateAddresses: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .default([])
      .describe('a list of address ranges, e.g. ["10.0.0.0/8"], that images may be imported from'),
    reserveDiskBytes: bytes(10 * GiB).describe('bytes of the disk to leave free'),
    reserveMemoryBytes: bytes(GiB).describe('bytes of memory to leave to the host'),
    memoryOvercommit: z
      .number()
      .min(1)
      .max(16)
      .default(1)
      .describe('how often memory may be given away, from 1 to 16'),
    trashDays: days(7).describe('a whole number of days from 1 to 3650'),
    uploadExpiryDays: days(7).describe('a whole number of days from 1 to 3650'),
  }),
  audit: z.strictObject({
    retentionDays: days(365).describe('a whole number of days from 1 to 3650'),
  }),
};

export const configSchema = z
  .strictObject({
    data: sections.data,
    listen: sections.listen.prefault({}),
    host: sections.host.prefault({}),
    libvirt: sections.libvirt.prefault({}),
    database: sections.database.prefault({}),
    tls: sections.tls.prefault({}),
    log: sections.log.prefault({}),
    tokens: sections.tokens.prefault({}),
    passwords: sections.passwords.prefault({}),
    storage: sections.storage.prefault({}),
    audit: sections.audit.prefault({}),
  })
  .superRefine((config, context) => {
    const { certificate, key } = config.tls;
    if ((certificate === null) === (key === null)) return;
    const missing = certificate === null ? 'certificate' : 'key';
    context.addIssue({
      code: 'custom',
      path: ['tls', missing],
      message: 'is missing; certificate and key go together',
    });
  });

export type Config = z.infer<typeof configSchema>;
export type SectionName = keyof typeof sections;

/** What a right value of `section.key` looks like; undefined for a setting that does not exist. */
export function expectation(section: string, key: string): string | undefined {
  const shape: Record<string, { description?: string | undefined }> | undefined = Object.hasOwn(
    sections,
    section,
  )
    ? sections[section as SectionName].shape
    : undefined;
  return shape?.[key]?.description;
}

export function settingNames(section: string): string[] {
  return Object.hasOwn(sections, section) ? Object.keys(sections[section as SectionName].shape) : [];
}
