import {
  type HostLinkId,
  type Image,
  image,
  type ImageId,
  type Job,
  type JobId,
  job,
  type MachineId,
  type Upload,
  type UploadState,
  upload,
} from '@limen/contract';
import { aLinkId, anId } from './records.ts';

/** Records of long work and of the library, parsed by the contract so that they cannot drift from it. */
export function aJobId(number: number): JobId {
  return anId(0xbb_0000 + number) as JobId;
}

export function anImageId(number: number): ImageId {
  return anId(0xaa_0000 + number) as ImageId;
}

export interface JobWish {
  readonly number?: number;
  readonly state?: Job['state'];
  readonly machineId?: MachineId;
  readonly imageId?: ImageId;
}

/** The higher its number, the younger a job. */
export function aJob({ number = 1, state = 'running', machineId, imageId }: JobWish = {}): Job {
  return job.parse({
    id: aJobId(number),
    kind: machineId === undefined ? 'image.import' : 'machine.create',
    state,
    subject: { name: `job-${number}`, machineId: machineId ?? null, imageId: imageId ?? null },
    step: null,
    fraction: null,
    bytes: null,
    cancelRequested: false,
    error: null,
    createdBy: null,
    createdAt: `2026-01-02T03:04:${String(number).padStart(2, '0')}.000Z`,
    startedAt: null,
    finishedAt: null,
  });
}

export interface ImageWish {
  readonly number?: number;
  readonly name?: string;
  readonly usedBy?: MachineId;
}

export function anImage({ number = 1, name, usedBy }: ImageWish = {}): Image {
  return image.parse({
    id: anImageId(number),
    name: name ?? `image-${number}`,
    kind: 'disk',
    format: 'qcow2',
    presetId: null,
    virtualBytes: 2 ** 31,
    actualBytes: 2 ** 29,
    sha256: null,
    path: '/images/disk.qcow2',
    origin: 'upload',
    sourceUrl: null,
    shared: false,
    owner: null,
    addedAt: '2026-01-02T03:04:05.000Z',
    managed: true,
    missing: false,
    usedBy: usedBy === undefined ? [] : [{ machineId: usedBy, name: 'vm' }],
  });
}

export interface UploadRecordWish {
  readonly number?: number;
  readonly linkId?: HostLinkId;
  readonly state?: UploadState;
  readonly bytes?: number;
}

export function anUpload({ number = 1, linkId, state, bytes }: UploadRecordWish = {}): Upload {
  return upload.parse({
    id: anId(0x99_0000 + number),
    linkId: linkId ?? aLinkId(1),
    fileName: `image-${number}.iso`,
    name: `image-${number}`,
    poolId: null,
    state: state ?? 'uploading',
    bytes: bytes ?? 0,
    totalBytes: 1000,
    bytesPerSecond: null,
    remainingSeconds: null,
    error: null,
    jobId: null,
  });
}
