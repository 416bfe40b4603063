import {
  CONTRACT_VERSION,
  contract,
  hostInfo,
  inventoryEvent,
  machine,
  metricsEvent,
  sessionTokens,
  user,
} from '@limen/contract';
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';

/** Where the REST form of the contract is served. */
export const API_PREFIX = '/api/v1';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const description = `Every procedure of the RPC socket as HTTP. Streams are server-sent events. An error has a \`code\`, \
a \`message\` and \`data\`; each code has one HTTP status. Send the access token of \`/session/sign-in\` as a bearer token.`;

/** The OpenAPI 3.1 document of the HTTP API, made from the contract alone. */
export async function generateOpenApiDocument(): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: { title: 'LIMEN host service', version: CONTRACT_VERSION, description },
    servers: [{ url: API_PREFIX }],
    commonSchemas: {
      HostInfo: { schema: hostInfo },
      InventoryEvent: { schema: inventoryEvent },
      Machine: { schema: machine },
      MetricsEvent: { schema: metricsEvent },
      SessionTokens: { schema: sessionTokens },
      User: { schema: user },
    },
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{ accessToken: [] }],
  });
  return shareErrorResponses(document);
}

/** All procedures fail in the same vocabulary: state each answer once instead of once a procedure. */
function shareErrorResponses(document: OpenAPI.Document): OpenAPI.Document {
  const shared: Record<string, OpenAPI.ResponseObject | OpenAPI.ReferenceObject> = {};
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of METHODS) {
      const responses = path?.[method]?.responses ?? {};
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        shared[`Error${status}`] ??= response;
        responses[status] = { $ref: `#/components/responses/Error${status}` };
      }
    }
  }
  return { ...document, components: { ...document.components, responses: shared } };
}
