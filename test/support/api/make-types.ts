import { writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

/** Writes the types of a client of the API, as a partner's developer would make them: `npm run api:types`. */
const types = await openapiTS(new URL('../../../schemas/openapi.yaml', import.meta.url));
writeFileSync(new URL('schema.d.ts', import.meta.url), `/** Made of schemas/openapi.yaml by \`npm run api:types\`; not edited by hand. */\n${astToString(types)}`);
