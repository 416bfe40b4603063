/**
 * Why a host service closes a WebSocket: RFC 6455's codes, and above 4000 ours (HTTP's number + 4000). A refused
 * upgrade never gets that far: it is answered over HTTP with a coded error as its JSON body.
 */
export const closeCodes = {
  /** Console: the guest's display ended, as when the machine is powered off. */
  normal: 1000,
  /** The service is stopping; come back. */
  goingAway: 1001,
  /** The frame was not a message of the protocol. */
  badMessage: 1008,
  /** The frame was larger than {@link MAX_FRAME_BYTES}. */
  tooLarge: 1009,
  /** Console: the way to the guest's display broke. */
  internal: 1011,
  /** Signed out, revoked, or expired without a renewal. */
  sessionEnded: 4401,
  /** Console: the machine was given to somebody else. */
  forbidden: 4403,
  /** Nobody signed in on this socket in time. */
  idle: 4408,
} as const;

/** Largest frame either WebSocket takes from a client. */
export const MAX_FRAME_BYTES = 1 << 20;
