import { procedure } from '../procedure.ts';
import { handshakeInput, handshakeOutput } from '../version.ts';

export const system = {
  handshake: procedure({
    permission: 'public',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'POST',
      path: '/system/handshake',
      summary: 'Exchange versions and capabilities',
    },
    input: handshakeInput,
    output: handshakeOutput,
  }),
};
