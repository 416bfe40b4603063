import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../ports/audit.ts';
import type { Logger } from '../ports/logger.ts';
import type { Principal } from '../ports/principal.ts';
import { AuditTrail } from '../procedures/audit-trail.ts';
import { createRouter } from '../procedures/router.ts';
import type { Services } from '../services/services.ts';
import type { ConnectionCaller } from './connection-caller.ts';
import { listenOnControlSocket } from './control-socket.ts';
import { controlEntrance, type Entrance, networkEntrance } from './entrance.ts';
import { createHttpApp } from './http/http-app.ts';
import { addRoutes } from './http/routes.ts';
import { UploadJournal } from './http/uploads/upload-journal.ts';
import { addUploads } from './http/uploads/upload-routes.ts';
import { addVolumes } from './http/volumes/volume-routes.ts';
import { createRestHandler, createRpcHandler } from './rpc/call-handlers.ts';
import { Telemetry } from './telemetry.ts';
import { AnonymousSockets } from './upgrade/anonymous-sockets.ts';
import { ConsoleConnections } from './upgrade/console-connections.ts';
import { RequestBudgets } from './upgrade/request-budgets.ts';
import { RpcConnections } from './upgrade/rpc-connections.ts';
import { UpgradeServer } from './upgrade/upgrade-server.ts';

export interface ServerDependencies {
  readonly services: Services;
  readonly audit: Audit;
  readonly logger: Logger;
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM. */
  readonly tls: { readonly key: string; readonly cert: string };
  /**
   * Unix socket in a directory of mode 0700, and as whom its callers act. Asked for at each connection: the
   * account may be made after the start, and the database may be away.
   */
  readonly control: { readonly path: string; readonly principal: () => Promise<Principal> } | null;
  readonly timings?: Partial<ServerTimings>;
}

/** All in ms. */
export interface ServerTimings {
  /** Between pings; a peer silent for two of them is cut. */
  readonly heartbeatMs: number;
  /** A socket on which nobody signs in is closed after this long. */
  readonly anonymousMs: number;
  /** What calls under way get to finish when their socket, or the service, must go. */
  readonly graceMs: number;
  /** To receive a request in full, unless it is an upload. */
  readonly requestMs: number;
  /** A client that uploads and sends nothing for this long is cut. */
  readonly uploadIdleMs: number;
}

const DEFAULT_TIMINGS: ServerTimings = {
  heartbeatMs: 20_000,
  anonymousMs: 30_000,
  graceMs: 2_000,
  requestMs: 60_000,
  uploadIdleMs: 60_000,
};

export interface HostServer {
  /** Open the control socket and the TLS port. Rejects when either cannot be had (`EADDRINUSE`, `EACCES`). */
  listen(): Promise<{ address: AddressInfo }>;
  /** Take nothing new, let calls under way finish for a moment, close every socket. */
  close(): Promise<void>;
}

/** The host service's face to the network: HTTP API, RPC and console WebSockets, health and metrics. */
export function createServer(deps: ServerDependencies): HostServer {
  const { services, logger } = deps;
  const timings = { ...DEFAULT_TIMINGS, ...deps.timings };
  const telemetry = new Telemetry();
  const audit = new AuditTrail(deps.audit, logger);
  const journal = new UploadJournal(audit, telemetry);
  const router = createRouter(services, {
    inventory: services.inventory,
    audit,
    observer: telemetry,
    logger,
  });
  const rest = createRestHandler(router);
  const budgets = new RequestBudgets();
  const rpcConnections = new RpcConnections(
    { handler: createRpcHandler(router), liveSessions: services.liveSessions, budgets },
    timings,
  );
  const consoleConnections = new ConsoleConnections();
  const upgrades = new UpgradeServer({
    consoles: services.consoles,
    rpcConnections,
    consoleConnections,
    anonymous: new AnonymousSockets(),
    budgets,
    logger,
    heartbeatMs: timings.heartbeatMs,
  });
  const callers = new Set<ConnectionCaller>();
  const apps: FastifyInstance[] = [];
  telemetry.observeServices(services);
  telemetry.observeSockets(() => ({ rpc: rpcConnections.count(), consoles: consoleConnections.count }));

  async function open(entrance: Entrance, tls: ServerDependencies['tls'] | null): Promise<FastifyInstance> {
    const { requestMs, uploadIdleMs } = timings;
    const app = await createHttpApp({ entrance, tls, logger, requestMs });
    addRoutes(app, { entrance, services, rest, telemetry, callers });
    addUploads(app, { entrance, services, journal, idleMs: uploadIdleMs });
    addVolumes(app, { entrance, services, audit });
    upgrades.attach(app.server, entrance);
    apps.push(app);
    return app;
  }

  return {
    async listen() {
      const { control, listen, tls } = deps;
      if (control) {
        const app = await open(controlEntrance(services.sessions, control.principal), null);
        await listenOnControlSocket(app, control.path);
      }
      const app = await open(networkEntrance(services.sessions), tls);
      await app.listen({ host: listen.host, port: listen.port });
      const address = app.server.address();
      if (address === null || typeof address === 'string') throw new Error('the TLS server has no port');
      return { address };
    },
    async close() {
      rpcConnections.closeAll();
      consoleConnections.closeAll();
      for (const caller of callers) caller.dispose();
      const closing = apps.splice(0);
      const cut = setTimeout(() => {
        rpcConnections.terminateAll();
        consoleConnections.terminateAll();
        for (const app of closing) app.server.closeAllConnections();
      }, 2 * timings.graceMs);
      await Promise.all(closing.map((app) => app.close()));
      clearTimeout(cut);
      await audit.flush();
      telemetry.close();
    },
  };
}
