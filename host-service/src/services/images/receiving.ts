import type { ImageStore } from '../../ports/images.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Presets } from '../../ports/presets.ts';
import type { ReceivedFiles } from '../../ports/received-files.ts';
import type { UploadFiles } from '../../ports/upload-files.ts';
import type { ImageLibrary } from './library.ts';
import { receiveJob } from './receive-job.ts';
import { Uploads } from './uploads.ts';

/** What new images are received with. */
export interface ReceivingPorts {
  readonly received: ReceivedFiles;
  readonly uploadFiles: UploadFiles;
  readonly rules: { readonly maxImageBytes: number; readonly reserveDiskBytes: number };
}

export interface ReceivingDependencies extends ReceivingPorts {
  readonly store: ImageStore;
  readonly library: ImageLibrary;
  readonly presets: Presets;
  readonly jobs: Jobs;
  readonly logger: Logger;
}

/** The ways into the library, apart from finding what lies there already. */
export interface Receiving {
  readonly uploads: Uploads;
}

/** Put it together and register its jobs. Call before the jobs start. */
export function createReceiving(deps: ReceivingDependencies): Receiving {
  deps.jobs.register(receiveJob(deps));
  return { uploads: new Uploads({ ...deps, files: deps.uploadFiles }) };
}
