import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { LimenError, machineId, MAX_FRAME_BYTES } from '@limen/contract';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../../ports/logger.ts';
import { failureFields, toLimenError } from '../../procedures/errors.ts';
import type { Consoles } from '../../services/consoles/consoles.ts';
import { credential } from '../bearer.ts';
import { connectDisplay } from '../console/display.ts';
import { type Entrance, LOCAL } from '../entrance.ts';
import { keepHeartbeat } from '../heartbeat.ts';
import { refuseUpgrade } from '../refusal.ts';
import type { AnonymousSockets } from './anonymous-sockets.ts';
import type { ConsoleConnections } from './console-connections.ts';
import type { RequestBudgets } from './request-budgets.ts';
import type { RpcConnections } from './rpc-connections.ts';

export interface UpgradeServerDependencies {
  readonly consoles: Pick<Consoles, 'redeem'>;
  readonly rpcConnections: RpcConnections;
  readonly consoleConnections: ConsoleConnections;
  readonly anonymous: AnonymousSockets;
  readonly budgets: RequestBudgets;
  readonly logger: Logger;
  readonly heartbeatMs: number;
}

interface Upgrade {
  /** Taken at once: a socket that has gone no longer tells. */
  readonly address: string;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * The two WebSockets, `/rpc` and `/console/<machine>`. Everything is decided before the upgrade is answered, so
 * that a refusal is an HTTP status with a coded error rather than a socket that closes.
 */
export class UpgradeServer {
  readonly #deps: UpgradeServerDependencies;
  readonly #rpc = createWebSocketServer();
  readonly #console = createWebSocketServer();

  constructor(deps: UpgradeServerDependencies) {
    this.#deps = deps;
  }

  attach(server: Server, entrance: Entrance): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Before `ws` takes over and after a refusal, a reset by the peer has no other listener, and would end the
      // process.
      socket.on('error', ignore);
      const upgrade = { address: request.socket.remoteAddress ?? LOCAL, request, socket, head };
      this.#route(upgrade, entrance).catch((error: unknown) => this.#refuse(upgrade, error));
    });
  }

  async #route(upgrade: Upgrade, entrance: Entrance): Promise<void> {
    if (entrance.name === 'network') this.#deps.budgets.charge(upgrade.address);
    const { origin, host } = upgrade.request.headers;
    // Pages of other sites can open WebSockets too, and are no clients of ours.
    if (origin !== undefined && !sameHost(origin, host))
      throw new LimenError('FORBIDDEN', { permission: 'origin' });
    const path = pathOf(upgrade.request);
    if (path === '/rpc') return this.#openRpc(upgrade, entrance);
    const console = /^\/console\/([^/]+)$/.exec(path)?.[1];
    if (console !== undefined) return this.#openConsole(upgrade, console);
    throw new LimenError('NOT_FOUND', { kind: 'route', id: path.slice(0, 128) });
  }

  async #openRpc(upgrade: Upgrade, entrance: Entrance): Promise<void> {
    const { anonymous, rpcConnections } = this.#deps;
    const { address } = upgrade;
    const principal = await entrance.identify(upgrade.request.headers.authorization);
    const leaveAnonymous = principal ? () => {} : anonymous.enter(address);
    const accepted = this.#accept(this.#rpc, upgrade, (ws) => {
      rpcConnections.accept(ws, address, principal, leaveAnonymous);
    });
    if (!accepted) leaveAnonymous();
  }

  async #openConsole(upgrade: Upgrade, text: string): Promise<void> {
    const ticket = credential(upgrade.request.headers.authorization, 'Ticket');
    if (ticket === null) throw new LimenError('UNAUTHENTICATED', { reason: 'missing' });
    const id = machineId.safeParse(text);
    if (!id.success) throw new LimenError('NOT_FOUND', { kind: 'machine', id: text.slice(0, 64) });
    const grant = await this.#deps.consoles.redeem(ticket, id.data);
    const display = await connectDisplay(grant.endpoint).catch((error: unknown) => {
      grant.release();
      throw error;
    });
    const accepted = this.#accept(this.#console, upgrade, (ws) => {
      this.#deps.consoleConnections.accept(ws, grant, display);
      this.#deps.logger.info({ machineId: id.data, user: grant.principal.username }, 'console opened');
    });
    if (accepted) return;
    grant.release();
    display.socket.destroy();
  }

  /** False when the peer has gone, or its handshake was wrong; `ws` has answered it then. */
  #accept(
    server: WebSocketServer,
    { request, socket, head }: Upgrade,
    opened: (ws: WebSocket) => void,
  ): boolean {
    let accepted = false;
    server.handleUpgrade(request, socket, head, (ws) => {
      accepted = true;
      // Oversized or malformed frames: `ws` closes with the right code, but dies without a listener.
      ws.on('error', (error) => this.#deps.logger.debug({ ...failureFields(error) }, 'socket error'));
      keepHeartbeat(ws, this.#deps.heartbeatMs);
      opened(ws);
    });
    return accepted;
  }

  #refuse({ address, request, socket }: Upgrade, error: unknown): void {
    const failure = toLimenError(error, '');
    const line = { path: pathOf(request), address };
    if (failure.code === 'INTERNAL')
      this.#deps.logger.error({ ...line, ...failureFields(failure) }, 'upgrade failed');
    else this.#deps.logger.info({ ...line, outcome: failure.code }, 'upgrade refused');
    refuseUpgrade(socket, failure);
  }
}

function ignore(): void {}

/** Without the query string, in which there is nothing for us, nor for the log. */
function pathOf({ url }: IncomingMessage): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}

function createWebSocketServer(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
  });
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
