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

/** How a family is subscribed, for all of its objects. */
export const eventRegistrations: Readonly<
  Record<EventFamily, Procedure<{ readonly eventId: number }, number>>
> = {
  domain: connect.registerDomainEvent,
  network: connect.registerNetworkEvent,
  pool: connect.registerPoolEvent,
  nodeDevice: connect.registerNodeDeviceEvent,
  secret: connect.registerSecretEvent,
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
