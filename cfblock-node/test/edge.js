// The server on loopback that answers as Cloudflare's edge does, see tests/edge-server.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
const program = process.env.CFBLOCK_EDGE_SERVER ?? `${target}/debug/edge-server`;

/** Starts a server of one's own; `stop` ends it. */
export async function startEdge() {
  if (!existsSync(program)) {
    throw new Error(`${program} is missing; run \`cargo build -p cfblock-tests --bin edge-server\``);
  }
  const server = spawn(program, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const url = line.split(' ').at(-1);
  const state = async () => (await fetch(`${url}/__count`)).json();
  const post = async (path) => void (await (await fetch(`${url}/${path}`, { method: 'POST' })).text());
  return {
    url,
    /** How often each path was asked for. */
    counts: async () => (await state()).requests,
    /** How often each path below /limited was asked for inside its window. */
    earlyRetries: async () => (await state()).early_retries,
    /** Makes /site/… answer as a null route does, or well again. */
    sicken: (on = true) => post(`__sick?on=${Number(on)}`),
    /** Forgets everything that was asked. */
    reset: () => post('__reset'),
    async stop() {
      server.kill();
      await once(server, 'exit');
    },
  };
}
