import { LimenError } from '@limen/contract';
import { z } from 'zod';
import type { Downloads } from '../../../ports/downloads.ts';
import type { ImageFiles } from '../../../ports/image-files.ts';
import type { JobDefinition, JobStep } from '../../../ports/jobs.ts';
import { admission, type AdmissionState } from '../admission/admission.ts';
import { type AdmissionPorts, admissionSteps } from '../admission/steps.ts';
import { findDigest } from './sums-file.ts';

export const importArgs = admission.extend({
  url: z.string(),
  /** Where a list of checksums says what to expect; null when somebody gave it, or nobody does. */
  sumsUrl: z.string().nullable(),
});
export type ImportArgs = z.infer<typeof importArgs>;

export interface ImportJobPorts extends AdmissionPorts {
  readonly downloads: Downloads;
  readonly files: Pick<ImageFiles, 'prepare'>;
}

/** Lines are shared by all; more at once would only make each slower. */
const AT_ONCE = 2;
/** The longest lists, of whole distributions, have some thousand lines. */
const MAX_SUMS_BYTES = 2 ** 20;

type ImportStep = JobStep<ImportArgs, AdmissionState>;

/** Fetch a file and make an image of it. */
export function importJob(ports: ImportJobPorts): JobDefinition<ImportArgs, AdmissionState> {
  return {
    kind: 'image.import',
    args: importArgs,
    concurrency: AT_ONCE,
    steps: [resolveStep(ports), fetchStep(ports), ...admissionSteps(ports)],
  };
}

/** Find out what to expect, before a long fetch for nothing. */
function resolveStep({ downloads }: ImportJobPorts): ImportStep {
  return {
    name: 'resolve',
    async run({ args: { url, sumsUrl }, signal, log }) {
      if (sumsUrl === null) return;
      const text = await downloads.readText(sumsUrl, { maxBytes: MAX_SUMS_BYTES, signal });
      const expected = findDigest(text, url);
      if (expected === null) {
        const detail = `${withoutQuery(sumsUrl)} has no checksum for ${withoutQuery(url)}`;
        throw new LimenError('UNSUITABLE_IMAGE', { reason: 'checksum-not-listed', detail });
      }
      log(`${expected.algorithm} ${expected.value} is expected`);
      return { expected };
    },
  };
}

function fetchStep({ downloads, files, rules }: ImportJobPorts): ImportStep {
  return {
    name: 'fetch',
    weight: 40,
    async run({ args, state, signal, progress, log }) {
      await files.prepare();
      const expected = state.expected ?? args.expected;
      const { url, receivedPath: path } = args;
      const { maxImageBytes: maxBytes } = rules;
      const work = { signal, onProgress: progress, log };
      await downloads.fetch({ url, path, maxBytes, mayBecomeInsecure: expected !== null }, work);
    },
    undo: ({ args }) => downloads.discard(args.receivedPath),
  };
}

/** An address as others may see it: its query can be what gives access. */
export function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
