import type { AnyCodec, Codec } from '../xdr/codec.ts';

/** What an event is about; each family is subscribed by a procedure of its own. */
export type EventFamily = 'domain' | 'network' | 'pool' | 'nodeDevice' | 'secret';

/** A kind of event: the id it is subscribed by, the procedure number it arrives under, its payload. */
export interface EventKind<T> {
  readonly family: EventFamily;
  readonly eventId: number;
  readonly procedure: number;
  readonly payload: Codec<T>;
}

/** Any kind, whatever its payload. */
export interface AnyEventKind extends Omit<EventKind<never>, 'payload'> {
  readonly payload: AnyCodec;
}
