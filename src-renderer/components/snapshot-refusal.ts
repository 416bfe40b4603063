import { type SnapshotRefusal, snapshotRefusal } from '@limen/contract';
import type { Translate } from '../locales/i18n.ts';

const reasons = {
  transient: 'transient',
  'no-disks': 'noDisks',
  'raw-disk': 'rawDisk',
  'remote-disk': 'remoteDisk',
  'shared-disk': 'sharedDisk',
  'uefi-variables': 'uefiVariables',
  'host-device': 'hostDevice',
  'shared-folder': 'sharedFolder',
  'memory-only-while-running': 'memoryOnlyWhileRunning',
  'memory-needed': 'memoryNeeded',
  saved: 'saved',
  busy: 'busy',
  'no-space': 'noSpace',
  'wrong-state': 'wrongState',
  'other-kind': 'otherKind',
  'too-old': 'tooOld',
  branches: 'branches',
  'files-missing': 'filesMissing',
  unsupported: 'unsupported',
} as const satisfies Record<SnapshotRefusal['reason'], string>;

/** Why something cannot be done with snapshots, in words. */
export function refusalText({ reason, names }: SnapshotRefusal, t: Translate): string {
  return t(`snapshots:refusal.${reasons[reason]}`, { names: names.join(', ') });
}

/** As an error carries it; null when it is of a newer host. */
export function refusalOfError(error: {
  state?: string | undefined;
  names?: string[] | undefined;
}): SnapshotRefusal | null {
  const parsed = snapshotRefusal.safeParse({ reason: error.state, names: error.names ?? [] });
  return parsed.success ? parsed.data : null;
}
