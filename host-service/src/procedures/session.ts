import { formatPairingLink, type SessionTokens } from '@limen/contract';
import type { Sessions } from '../ports/sessions.ts';
import type { Services } from '../services/services.ts';
import { type Caller, requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';

export function sessionHandlers(procedures: Pipeline['session'], { sessions, users, host }: Services) {
  return {
    signIn: procedures.signIn.handler(
      async ({ input: { username, password, device }, context: { caller } }) => {
        const { address } = caller;
        return adopt(caller, sessions, await sessions.signIn({ username, password }, { device, address }));
      },
    ),
    pair: procedures.pair.handler(async ({ input: { code, device }, context: { caller } }) =>
      adopt(caller, sessions, await sessions.pair(code, { device, address: caller.address })),
    ),
    renew: procedures.renew.handler(async ({ input: { refreshToken }, context: { caller } }) => {
      const client = { device: 'unknown', address: caller.address };
      return adopt(caller, sessions, await sessions.renew(refreshToken, client));
    }),
    signOut: procedures.signOut.handler(async ({ context }) => {
      const { sessionId } = requirePrincipal(context.caller);
      // The control socket has no session to end.
      if (sessionId !== null) await sessions.signOut(sessionId);
      return {};
    }),
    me: procedures.me.handler(({ context }) => users.get(requirePrincipal(context.caller).userId)),
    createPairing: procedures.createPairing.handler(async ({ context }) => {
      const { code, expiresAt } = await sessions.createPairing(requirePrincipal(context.caller).userId);
      const { address, certificateFingerprint: fingerprint } = host.identity;
      return {
        link: formatPairingLink({ address, fingerprint, code }),
        expiresAt: expiresAt.toISOString(),
      };
    }),
  };
}

/** From here on the caller is who the tokens say, on this connection, without another round trip. */
async function adopt(caller: Caller, sessions: Sessions, tokens: SessionTokens): Promise<SessionTokens> {
  caller.adopt(await sessions.verify(tokens.accessToken));
  return tokens;
}
