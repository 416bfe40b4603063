import { z } from 'zod';
import { hostId } from '../ids.ts';
import { hypervisorStatus } from './inventory.ts';
import { accelerator } from './machine.ts';

/** What the host page shows. Fields only libvirt knows are null while it is away. */
export const hostInfo = z.object({
  id: hostId,
  name: z.string(),
  serviceVersion: z.string(),
  startedAt: z.iso.datetime(),
  hypervisor: hypervisorStatus,
  uri: z.string(),
  hostname: z.string().nullable(),
  libvirtVersion: z.string().nullable(),
  qemuVersion: z.string().nullable(),
  cpu: z
    .object({
      model: z.string(),
      architecture: z.string(),
      logicalCpus: z.number().int(),
      sockets: z.number().int(),
      coresPerSocket: z.number().int(),
      threadsPerCore: z.number().int(),
      mhz: z.number().int(),
    })
    .nullable(),
  memoryBytes: z.number().int().nullable(),
  acceleration: z.object({
    /** What new machines use. */
    chosen: accelerator,
    /** True when the configuration decided rather than the check. */
    overridden: z.boolean(),
    checks: z.array(z.object({ name: z.string(), passed: z.boolean(), detail: z.string() })),
  }),
  database: z.object({
    kind: z.enum(['embedded', 'postgresql']),
    connected: z.boolean(),
    version: z.string().nullable(),
  }),
  certificateFingerprint: z.string(),
});
export type HostInfo = z.infer<typeof hostInfo>;
