import type { Downloads } from '../../ports/downloads.ts';
import type { ImageFiles } from '../../ports/image-files.ts';
import type { ImageStore } from '../../ports/images.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Presets } from '../../ports/presets.ts';
import type { ReceivedFiles } from '../../ports/received-files.ts';
import type { UploadFiles } from '../../ports/upload-files.ts';
import { ImageImports } from './import/image-imports.ts';
import { importJob } from './import/import-job.ts';
import type { ImageLibrary } from './library.ts';
import { receiveJob } from './receive-job.ts';
import { Uploads } from './uploads.ts';

/** What new images are received with. */
export interface ReceivingPorts {
  readonly received: ReceivedFiles;
  readonly uploadFiles: UploadFiles;
  readonly downloads: Downloads;
  readonly rules: { readonly maxImageBytes: number; readonly reserveDiskBytes: number };
}

export interface ReceivingDependencies extends ReceivingPorts {
  readonly store: ImageStore;
  readonly files: Pick<ImageFiles, 'prepare'>;
  readonly library: ImageLibrary;
  readonly presets: Presets;
  readonly jobs: Jobs;
  readonly logger: Logger;
}

/** The ways into the library, apart from finding what lies there already. */
export interface Receiving {
  readonly uploads: Uploads;
  readonly imports: ImageImports;
}

/** Put it together and register its jobs. Call before the jobs start. */
export function createReceiving(deps: ReceivingDependencies): Receiving {
  deps.jobs.register(receiveJob(deps));
  deps.jobs.register(importJob(deps));
  return {
    uploads: new Uploads({ ...deps, files: deps.uploadFiles }),
    imports: new ImageImports(deps),
  };
}
