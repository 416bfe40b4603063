import { image, job } from '@limen/contract';
import type { HostLinkId, Image, Job, JobId } from '@limen/contract';
import { alice } from './fake-host.ts';

/** Records for tests, parsed by the contract so that they cannot drift from it. */
const NOW = '2026-01-02T03:04:05.000Z';

export const aLinkId = 'c0000000-0000-4000-8000-000000000001' as HostLinkId;

export function aJobId(number = 1): JobId {
  return `d0000000-0000-4000-8000-${String(number).padStart(12, '0')}` as JobId;
}

export function aJob(wish: Partial<Job> = {}): Job {
  return job.parse({
    id: aJobId(),
    kind: 'image.receive',
    state: 'running',
    subject: { name: 'debian', machineId: null, imageId: null },
    step: null,
    fraction: null,
    bytes: null,
    cancelRequested: false,
    error: null,
    createdBy: { id: alice.id, username: alice.username },
    createdAt: NOW,
    startedAt: NOW,
    finishedAt: null,
    ...wish,
  });
}

export function anImage(wish: Partial<Image> = {}): Image {
  return image.parse({
    id: 'f0000000-0000-4000-8000-000000000001',
    name: 'debian',
    kind: 'disk',
    format: 'qcow2',
    presetId: null,
    virtualBytes: 1,
    actualBytes: 1,
    sha256: null,
    path: '/images/debian.qcow2',
    origin: 'upload',
    sourceUrl: null,
    shared: false,
    owner: null,
    addedAt: NOW,
    managed: true,
    missing: false,
    usedBy: [],
    ...wish,
  });
}
