import type { Config } from './config/schema.ts';
import type { DiskTool } from './ports/disk-tool.ts';
import type { ReceivingPorts } from './services/images/receiving.ts';
import { createDownloads } from './storage/download/create-downloads.ts';
import { createReceivedFiles } from './storage/received-files.ts';
import { createUploadFiles } from './storage/upload-files.ts';
import { SERVICE_VERSION } from './version.ts';

/** Everything that new images are received with. */
export function composeReceiving(config: Config, disks: DiskTool): ReceivingPorts {
  const { storage } = config;
  return {
    received: createReceivedFiles({ ...storage, disks }),
    uploadFiles: createUploadFiles(storage.directory),
    downloads: createDownloads({ ...storage, serviceVersion: SERVICE_VERSION }),
    rules: storage,
  };
}
