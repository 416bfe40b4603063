// Writes docs/openapi.json from the contract. Needs a build (`npx tsc -b host-service`), no network.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generateOpenApiDocument } from '../host-service/dist/server/openapi-document.js';

const target = new URL('../docs/openapi.json', import.meta.url);
const document = await generateOpenApiDocument();
await writeFile(target, `${JSON.stringify(document, null, 2)}\n`);
console.log(`wrote ${fileURLToPath(target)}: ${Object.keys(document.paths ?? {}).length} paths`);
