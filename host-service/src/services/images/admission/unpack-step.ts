import type { JobStep } from '../../../ports/jobs.ts';
import type { ReceivedFiles } from '../../../ports/received-files.ts';
import type { Admission, AdmissionState } from './admission.ts';

/** Published images are often compressed, and their checksums are of what is published. */
export function unpackStep({
  received,
}: {
  readonly received: ReceivedFiles;
}): JobStep<Admission, AdmissionState> {
  return {
    name: 'unpack',
    weight: 10,
    prepare: async ({ args }) => ({ compression: await received.compressionOf(args.receivedPath) }),
    async run({ args, state, signal, progress, log }) {
      const { compression = null } = state;
      if (compression === null) return;
      log(`compressed with ${compression}`);
      await received.unpack(args.receivedPath, compression, { signal, onProgress: progress });
    },
    undo: ({ args }) => received.removeUnpacked(args.receivedPath),
  };
}
