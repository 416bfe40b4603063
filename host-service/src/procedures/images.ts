import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function imageHandlers(procedures: Pipeline['images'], { templates, images, imports }: Services) {
  return {
    list: procedures.list.handler(({ context }) => images.list(requirePrincipal(context.caller))),
    watch: procedures.watch.handler(({ context, signal }) =>
      images.watch(requirePrincipal(context.caller), streamSignal(context, signal)),
    ),
    presets: procedures.presets.handler(() => [...images.presets.list]),
    update: procedures.update.handler(({ input: { imageId, ...change }, context }) =>
      images.update(requirePrincipal(context.caller), imageId, change),
    ),
    delete: procedures.delete.handler(async ({ input, context }) => {
      await images.delete(requirePrincipal(context.caller), input.imageId);
      return {};
    }),
    importUrl: procedures.importUrl.handler(({ input, context }) =>
      imports.importUrl(requirePrincipal(context.caller), input),
    ),
    createTemplate: procedures.createTemplate.handler(({ input, context }) =>
      templates.create(requirePrincipal(context.caller), input),
    ),
    scan: procedures.scan.handler(({ context }) => images.scan(requirePrincipal(context.caller))),
  };
}
