import type { Services } from '../services/services.ts';
import type { Pipeline } from './pipeline.ts';

export function hostHandlers(procedures: Pipeline['host'], { host }: Services) {
  return {
    get: procedures.get.handler(() => host.info()),
  };
}
