import { expect } from 'vitest';
import { ErrorCode } from '../../src/errors/codes.ts';
import { ErrorDomain } from '../../src/errors/domains.ts';
import { DomainState, Lifecycle } from '../../src/procedures/flags.ts';

/** What every daemon has to tell: the test driver's one domain is the same in all versions. */
export const learnt: unknown = {
  domains: ['test 6695eb01-f6a4-8304-79aa-97f2502e193f 1'],
  state: DomainState.running,
  cpus: 16,
  xmlHasName: true,
  events: [
    ['test', Lifecycle.suspended, 0],
    ['test', Lifecycle.resumed, 0],
  ],
  refusal: expect.objectContaining({
    name: 'LibvirtError',
    code: ErrorCode.noDomain,
    domain: ErrorDomain.test,
    level: 2,
  }) as unknown,
  downloaded: 'LIMENLIMEN',
  holes: [{ hole: 8192 }],
  afterwards: [],
};
