import type { Principal } from '../ports/principal.ts';
import type { Sessions } from '../ports/sessions.ts';
import { authenticateHeader } from './bearer.ts';

/** Address of callers on the control socket, in logs and the audit trail. */
export const LOCAL = 'local';

/** A way in: the network, where callers prove who they are, or the control socket, where the file's mode did. */
export interface Entrance {
  readonly name: 'network' | 'control';
  /** Rejects with `UNAUTHENTICATED` for a credential that is no good; null for none. */
  identify(authorization: string | undefined): Promise<Principal | null>;
}

export function networkEntrance(sessions: Pick<Sessions, 'verify'>): Entrance {
  return { name: 'network', identify: (authorization) => authenticateHeader(authorization, sessions) };
}

/** A token counts here too: a tunnel may carry other people than the one whose socket it is. */
export function controlEntrance(
  sessions: Pick<Sessions, 'verify'>,
  owner: () => Promise<Principal>,
): Entrance {
  return {
    name: 'control',
    identify: async (authorization) => (await authenticateHeader(authorization, sessions)) ?? owner(),
  };
}
