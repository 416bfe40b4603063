import { LimenError, machineId } from '@limen/contract';
import { z } from 'zod';
import type { GuestCleaner } from '../../ports/guest-cleaner.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import { variablesPath } from '../../ports/image-files.ts';
import type { JobDefinition, JobStep } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { ReceivedImage } from '../../ports/received-files.ts';
import { admission, type AdmissionState } from './admission/admission.ts';
import { type AdmissionPorts, enterStep, inspectStep, placeStep } from './admission/steps.ts';

export const templateArgs = admission.extend({
  machineId,
  /** The machine's system disk. */
  disk: z.object({ path: z.string().startsWith('/'), format: z.enum(['raw', 'qcow2']) }),
  virtualBytes: z.number(),
  /** Its UEFI variables; null for BIOS machines. */
  nvramPath: z.string().startsWith('/').nullable(),
  generalise: z.boolean(),
});
export type TemplateArgs = z.infer<typeof templateArgs>;

export interface TemplateJobDependencies extends AdmissionPorts {
  readonly hypervisor: Pick<Hypervisor, 'getMachine'>;
  readonly editor: Pick<MachineEditor, 'offers'>;
  readonly cleaner: GuestCleaner;
  readonly storage: Pick<MachineStorage, 'copyFile'>;
}

type TemplateStep = JobStep<TemplateArgs, AdmissionState>;

/**
 * Make a template of a machine that is off: a copy of its system disk that needs no other file. The machine cannot be
 * started while it is copied (QEMU's own locks see to that), and is its old self afterwards.
 */
export function templateJob(deps: TemplateJobDependencies): JobDefinition<TemplateArgs, AdmissionState> {
  const steps = [
    copyStep(deps),
    generaliseStep(deps),
    inspectStep(deps),
    placeStep(deps),
    variablesStep(deps),
    enterStep(deps),
  ];
  return { kind: 'image.template', args: templateArgs, concurrency: 1, steps };
}

function copyStep({ hypervisor, received }: TemplateJobDependencies): TemplateStep {
  return {
    name: 'copy',
    weight: 10,
    async run({ args, signal, progress }) {
      requireOff((await hypervisor.getMachine(args.machineId)).state);
      const { disk, generalise, receivedPath } = args;
      const work = { signal, onProgress: progress };
      const from = { path: disk.path, image: imageOf(args, disk.format) };
      if (generalise) await received.convert(from, rawCopy(args), { ...work, format: 'raw' });
      else await received.convert(from, receivedPath, work);
    },
    async undo({ args }) {
      await received.remove(rawCopy(args));
      await received.remove(args.receivedPath);
    },
  };
}

function generaliseStep({ cleaner, editor, received }: TemplateJobDependencies): TemplateStep {
  return {
    name: 'generalise',
    weight: 10,
    async run({ args, signal, log, progress }) {
      if (!args.generalise) return;
      const raw = rawCopy(args);
      // Done before, unless this is there.
      if ((await received.size(raw)) === null) return;
      const { kvm } = await editor.offers();
      await cleaner.clean(raw, { signal, kvm });
      log('identity, keys and logs are removed from the copy');
      const from = { path: raw, image: imageOf(args, 'raw') };
      await received.convert(from, args.receivedPath, { signal, onProgress: progress });
      await received.remove(raw);
    },
    undo: ({ args }) => cleaner.tidy(rawCopy(args)),
  };
}

/** What the system boots from may stand there and nowhere else. */
function variablesStep({ storage, received }: TemplateJobDependencies): TemplateStep {
  return {
    name: 'nvram',
    async run({ args: { nvramPath }, state: { path } }) {
      if (nvramPath !== null && path !== undefined) await storage.copyFile(nvramPath, variablesPath(path));
    },
    async undo({ state: { path } }) {
      if (path !== undefined) await received.remove(variablesPath(path));
    },
  };
}

function rawCopy({ receivedPath }: TemplateArgs): string {
  return `${receivedPath}.raw`;
}

function imageOf({ virtualBytes }: TemplateArgs, format: ReceivedImage['format']): ReceivedImage {
  return { kind: 'template', format, part: null, virtualBytes, leftOut: [] };
}

/** Throws `CONFLICT`: a disk that is being written to cannot be copied, nor one whose machine is only asleep. */
export function requireOff(state: string): void {
  if (state !== 'off') throw new LimenError('CONFLICT', { reason: 'wrong-state', state, allowed: ['off'] });
}
