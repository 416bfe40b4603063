import type { HostId } from '@limen/contract';

/** What a host service knows of itself before it has spoken to anything. */
export interface HostIdentity {
  readonly hostId: HostId;
  readonly name: string;
  readonly serviceVersion: string;
  readonly startedAt: Date;
  /** SHA-256 of the served certificate, as `contract/src/pairing.ts` writes it. */
  readonly certificateFingerprint: string;
  /** `host:port` that clients are to use; goes into pairing links. */
  readonly address: string;
}
