import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';

export function machineHandlers(procedures: Pipeline['machines'], { machines }: Services) {
  return {
    list: procedures.list.handler(({ context }) => machines.list(requirePrincipal(context.caller))),
    get: procedures.get.handler(({ input }) => machines.get(input.machineId)),
    power: procedures.power.handler(({ input }) => machines.power(input.machineId, input.action)),
    setOwner: procedures.setOwner.handler(({ input }) => machines.setOwner(input.machineId, input.userId)),
  };
}
