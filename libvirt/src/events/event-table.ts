import type { Procedure } from '../procedures/define.ts';
import { procedures } from '../procedures/index.ts';
import { domainEvents } from './domain-events.ts';
import type { AnyEventKind, EventFamily } from './event-kind.ts';
import { networkEvents, nodeDeviceEvents, poolEvents, secretEvents } from './host-events.ts';

/** All events by family and name. */
export const events = {
  domain: domainEvents,
  network: networkEvents,
  pool: poolEvents,
  nodeDevice: nodeDeviceEvents,
  secret: secretEvents,
} as const satisfies Record<EventFamily, Readonly<Record<string, AnyEventKind>>>;

const { connect } = procedures;

interface EventRegistration {
  /** Replies the number to deregister by. */
  readonly register: Procedure<{ readonly eventId: number }, number>;
  readonly deregister: Procedure<{ readonly callbackId: number }, void>;
}

/** How a family is subscribed, for all of its objects, and how that is taken back. */
export const eventRegistrations: Readonly<Record<EventFamily, EventRegistration>> = {
  domain: { register: connect.registerDomainEvent, deregister: connect.deregisterDomainEvent },
  network: { register: connect.registerNetworkEvent, deregister: connect.deregisterNetworkEvent },
  pool: { register: connect.registerPoolEvent, deregister: connect.deregisterPoolEvent },
  nodeDevice: { register: connect.registerNodeDeviceEvent, deregister: connect.deregisterNodeDeviceEvent },
  secret: { register: connect.registerSecretEvent, deregister: connect.deregisterSecretEvent },
};

const named = Object.entries(events).flatMap(([family, kinds]) =>
  Object.entries<AnyEventKind>(kinds).map(([name, kind]) => ({ name: `${family} ${name}`, kind })),
);
const byProcedure = new Map(named.map(({ kind }) => [kind.procedure, kind]));
const names = new Map(named.map(({ name, kind }) => [kind.procedure, name]));

/** The event a message carries; null for messages that are none, or newer than this package. */
export function eventByProcedure(procedure: number): AnyEventKind | null {
  return byProcedure.get(procedure) ?? null;
}

/** Family and name, for messages to people. */
export function eventName(kind: AnyEventKind): string {
  return names.get(kind.procedure) ?? `number ${kind.procedure}`;
}
