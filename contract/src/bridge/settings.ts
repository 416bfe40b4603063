import { z } from 'zod';

export const settings = z.object({
  language: z.enum(['system', 'en', 'ko']).default('system'),
  colorScheme: z.enum(['system', 'light', 'dark']).default('system'),
  /** How a console shows a screen that is not of its window's size: made to fit, or pixel by pixel. */
  consoleScale: z.enum(['fit', 'native']).default('fit'),
  machineTable: z
    .object({
      hiddenColumns: z.array(z.string()).default([]),
      columnWidths: z.record(z.string(), z.number()).default({}),
      sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
    })
    .default({ hiddenColumns: [], columnWidths: {}, sort: null }),
});
export type Settings = z.infer<typeof settings>;

/** Not `settings.partial()`: that keeps the defaults, and a patch of one setting would reset all others. */
export const settingsPatch = z.object({
  language: settings.shape.language.unwrap().exactOptional(),
  colorScheme: settings.shape.colorScheme.unwrap().exactOptional(),
  consoleScale: settings.shape.consoleScale.unwrap().exactOptional(),
  machineTable: settings.shape.machineTable.unwrap().exactOptional(),
});
export type SettingsPatch = z.input<typeof settingsPatch>;
