import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';

interface TestServer extends AsyncDisposable {
  readonly url: string;
}

/** An HTTP server of this computer that gives every request the same answer, for as long as it is not disposed. */
async function serve(answer: (response: ServerResponse) => void): Promise<TestServer> {
  const server = createServer((_request, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Half of what it promises, and then silence: what downloads from it does so until the test is over. */
export function serveHalf(): Promise<TestServer> {
  return serve((response) => {
    response.writeHead(200, { 'content-length': 2048 });
    response.write(Buffer.alloc(1024));
  });
}

/** A file, under whatever name it is asked for. */
export async function serveFile(path: string): Promise<TestServer> {
  const { size } = await stat(path);
  return serve((response) => {
    response.writeHead(200, { 'content-length': size });
    createReadStream(path).pipe(response);
  });
}
