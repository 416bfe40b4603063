import type { Services } from '../services/services.ts';
import type { Pipeline } from './pipeline.ts';

export function userHandlers(procedures: Pipeline['users'], { users }: Services) {
  return {
    list: procedures.list.handler(() => users.list()),
    create: procedures.create.handler(({ input }) => users.create(input)),
  };
}
