import { constant, flags, i32, listing, omittable, string, u64 } from '../xdr/codec.ts';
import { paramAnswer, typedParams } from '../xdr/typed-params.ts';
import { def, slow } from './define.ts';
import { blockInfo, blockJobInfo, checkpoint, domain } from './records.ts';

/** Calls on a domain's disks, named by target (`vda`) or source path. Bandwidths: 0 is unlimited. */
export const domainBlock = {
  getBlockInfo: slow(194, { domain, disk: string, flags }, blockInfo),
  /** `size` in KiB, or in bytes with {@link BlockResizeFlag}. */
  blockResize: slow(251, { domain, disk: string, size: u64, flags }),
  /** Mirror a disk to what the `<disk>` of `xml` describes; ended with {@link domainBlock.blockJobAbort}. */
  blockCopy: slow(345, { domain, disk: string, xml: string, params: typedParams, flags }),
  blockCommit: slow(290, {
    domain,
    disk: string,
    base: omittable(string),
    top: omittable(string),
    bandwidth: u64,
    flags,
  }),
  blockPull: slow(240, { domain, disk: string, bandwidth: u64, flags }),
  blockRebase: slow(266, { domain, disk: string, base: omittable(string), bandwidth: u64, flags }),
  blockJobAbort: slow(237, { domain, disk: string, flags }),
  blockJobSetSpeed: slow(239, { domain, disk: string, bandwidth: u64, flags }),
  /** All zero, with `found` false, when no job runs. */
  getBlockJobInfo: slow(238, { domain, disk: string, flags }, blockJobInfo),
  setBlockIoTune: slow(252, { domain, disk: string, params: typedParams, flags }),
  /** Ask with `paramCount` 0 for the number of parameters, then with that number. */
  getBlockIoTune: slow(253, { domain, disk: omittable(string), paramCount: i32, flags }, paramAnswer),
  /** Raise the `blockThreshold` event once, when `threshold` bytes are written. */
  setBlockThreshold: slow(386, { domain, device: string, threshold: u64, flags }),
  /** Begin a backup job; `checkpointXml` makes a checkpoint at the same moment. */
  backupBegin: slow(421, { domain, backupXml: string, checkpointXml: omittable(string), flags }),
  getBackupXmlDesc: def(422, { domain, flags }, string),
} as const;

const needResults = constant(i32, 1);

/** Calls on checkpoints: the moments incremental backups count from. */
export const checkpoints = {
  create: slow(411, { domain, xml: string, flags }, checkpoint),
  getXmlDesc: slow(412, { checkpoint, flags }, string),
  list: def(413, { domain, needResults, flags }, listing(checkpoint)),
  listChildren: def(414, { checkpoint, needResults, flags }, listing(checkpoint)),
  lookupByName: def(415, { domain, name: string, flags }, checkpoint),
  getParent: def(416, { checkpoint, flags }, checkpoint),
  delete: slow(417, { checkpoint, flags }),
} as const;
