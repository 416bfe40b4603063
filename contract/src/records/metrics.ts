import { z } from 'zod';
import { machineId } from '../ids.ts';

const column = z.array(z.number().nullable());

/**
 * Live metrics: the machine ids once (`layout`, again whenever they change), then one frame a tick with arrays
 * in that order. A gap is null, never zero. All figures cover the time since the frame before.
 */
export const metricsEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('layout'), machineIds: z.array(machineId) }),
  z.object({
    type: z.literal('frame'),
    /** Unix time in ms. */
    at: z.number(),
    host: z.object({
      /** 0–100, all cores together. */
      cpuPercent: z.number().nullable(),
      memoryUsedBytes: z.number(),
      memoryTotalBytes: z.number(),
    }),
    /** 0–100, all of the machine's vCPUs together. */
    cpuPercent: column,
    memoryUsedBytes: column,
    diskReadBytesPerSecond: column,
    diskWriteBytesPerSecond: column,
    networkReceiveBytesPerSecond: column,
    networkTransmitBytesPerSecond: column,
  }),
]);
export type MetricsEvent = z.infer<typeof metricsEvent>;
export type MetricsFrame = Extract<MetricsEvent, { type: 'frame' }>;
