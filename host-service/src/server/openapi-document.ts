import { CONTRACT_VERSION, contract } from '@limen/contract';
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';

/** Where the REST form of the contract is served. */
export const API_PREFIX = '/api/v1';

/** The OpenAPI 3.1 document of the HTTP API, made from the contract alone. */
export function generateOpenApiDocument(): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: {
      title: 'LIMEN host service',
      version: CONTRACT_VERSION,
      description:
        'Every procedure of the RPC socket as HTTP. Streams are server-sent events. Errors have a `code`, a `message` and `data`.',
    },
    servers: [{ url: API_PREFIX }],
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{ accessToken: [] }],
  });
}
