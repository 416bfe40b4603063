import type { DomainId, DomainXml, LibvirtClient } from 'node-libvirt';
import type { ChangeOutcome } from '../../ports/machine-hardware.ts';

/** A machine's definitions as they are now. */
export interface Present {
  readonly stored: DomainXml;
  /** Null while it does not run. */
  readonly live: DomainXml | null;
}

/** A machine that runs, and the way to it. */
export interface Running {
  readonly client: LibvirtClient;
  readonly domain: DomainId;
  readonly live: DomainXml;
}

/** A change that was found possible. */
export interface PlannedChange {
  /** Make it in the definition for the next start. */
  store(stored: DomainXml): void;
  /** Make it in the running machine; null where QEMU cannot. */
  readonly live: ((running: Running) => Promise<ChangeOutcome>) | null;
  /** The guest may refuse: what is stored changes only after it has agreed. */
  readonly liveFirst?: true;
}
