import { randomBytes } from 'node:crypto';
import { closeCodes } from '@limen/contract';
import type { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import type { ServerPeerHandleRequestFn } from '@orpc/standard-server-peer';
import type { WebSocket } from 'ws';
import type { Principal } from '../../ports/principal.ts';
import type { CallContext } from '../../procedures/context.ts';
import type { LiveSessions } from '../../services/live-sessions.ts';
import { ConnectionCaller } from '../connection-caller.ts';
import { RpcSocket } from '../rpc/rpc-socket.ts';
import type { RequestBudgets } from './request-budgets.ts';

export interface RpcConnectionsDependencies {
  readonly handler: StandardRPCHandler<CallContext>;
  readonly liveSessions: LiveSessions;
  readonly budgets: RequestBudgets;
}

export interface RpcConnectionsOptions {
  /** A socket on which nobody signs in is closed after this long. */
  readonly anonymousMs: number;
  /** What calls under way get to finish when their socket must go. */
  readonly graceMs: number;
}

interface Connection {
  readonly ws: WebSocket;
  readonly rpc: RpcSocket;
  readonly caller: ConnectionCaller;
}

/** All open RPC sockets. */
export class RpcConnections {
  readonly #deps: RpcConnectionsDependencies;
  readonly #options: RpcConnectionsOptions;
  readonly #open = new Set<Connection>();

  constructor(deps: RpcConnectionsDependencies, options: RpcConnectionsOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Sockets by whether somebody is signed in on them. */
  count(): { anonymous: number; signedIn: number } {
    const signedIn = [...this.#open].filter(({ caller }) => caller.principal !== null).length;
    return { anonymous: this.#open.size - signedIn, signedIn };
  }

  /** @param leaveAnonymous gives back the socket's place among the anonymous ones */
  accept(ws: WebSocket, address: string, principal: Principal | null, leaveAnonymous: () => void): void {
    const idleTimer = setTimeout(
      () => ws.close(closeCodes.idle, 'nobody signed in'),
      this.#options.anonymousMs,
    );
    const { handler, liveSessions, budgets } = this.#deps;
    const caller = new ConnectionCaller(address, liveSessions, {
      onAdopted: () => {
        clearTimeout(idleTimer);
        leaveAnonymous();
      },
      onRevoked: () => rpc.closeGracefully(closeCodes.sessionEnded, 'session ended', this.#options.graceMs),
    });
    const connectionId = randomBytes(6).toString('hex');
    let calls = 0;
    const respond =
      (tooMany: boolean): ServerPeerHandleRequestFn =>
      (request) => {
        calls += 1;
        const overloaded = tooMany || (caller.principal === null && !budgets.spend(address));
        const context = { caller, requestId: `${connectionId}-${calls}`, overloaded };
        return createServerPeerHandleRequestFn(handler, { context })(request);
      };
    const rpc = new RpcSocket(ws, { handle: respond(false), refuse: respond(true) });
    const connection = { ws, rpc, caller };
    this.#open.add(connection);
    ws.on('close', () => {
      clearTimeout(idleTimer);
      leaveAnonymous();
      this.#open.delete(connection);
      caller.dispose();
    });
    if (principal) caller.adopt(principal);
  }

  closeAll(): void {
    for (const { rpc } of this.#open) {
      rpc.closeGracefully(closeCodes.goingAway, 'the service is stopping', this.#options.graceMs);
    }
  }

  /** Whoever has not let go by now. */
  terminateAll(): void {
    for (const { ws } of this.#open) ws.terminate();
  }
}
