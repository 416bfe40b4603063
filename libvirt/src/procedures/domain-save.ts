import { boolean, bytes, flags, i32, omittable, string, struct, u32, u64 } from '../xdr/codec.ts';
import { paramMap, typedParams } from '../xdr/typed-params.ts';
import { def, job, slow } from './define.ts';
import { domain } from './records.ts';

/** Calls that carry a domain's memory somewhere: to a file, to another host. Files are the daemon's. */
export const domainSave = {
  managedSave: job(182, { domain, flags }),
  hasManagedSaveImage: def(183, { domain, flags }, boolean),
  managedSaveRemove: slow(184, { domain, flags }),
  managedSaveGetXmlDesc: slow(388, { domain, flags }, string),
  managedSaveDefineXml: slow(389, { domain, xml: omittable(string), flags }),
  save: job(232, { domain, to: string, xml: omittable(string), flags }),
  restore: job(233, { from: string, xml: omittable(string), flags }),
  saveImageGetXmlDesc: slow(235, { file: string, flags }, string),
  saveImageDefineXml: slow(236, { file: string, xml: string, flags }),
  coreDump: job(53, { domain, to: string, flags }),
  /** `format` is a {@link CoreDumpFormat}. */
  coreDumpWithFormat: job(334, { domain, to: string, format: u32, flags }),
  getJobStats: def(298, { domain, flags }, struct({ type: i32, stats: paramMap })),
  abortJob: def(164, { domain }),
  migratePerform: job(
    305,
    { domain, destination: omittable(string), params: typedParams, cookie: bytes, flags },
    bytes,
  ),
  /** MiB/s. */
  migrateSetMaxSpeed: slow(207, { domain, bandwidth: u64, flags }),
  migrateGetMaxSpeed: slow(242, { domain, flags }, u64),
  migrateSetMaxDowntime: slow(166, { domain, milliseconds: u64, flags }),
} as const;
