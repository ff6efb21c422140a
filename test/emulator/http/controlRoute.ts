import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Backend } from "../api/backend.ts";
import { catalogue } from "../faults/catalogue.ts";
import type { Injection } from "../faults/faultBox.ts";
import { readBody } from "./readBody.ts";

/** Below this path tests in other processes steer the server. */
export const controlPath = "/__emulator/";

const advance = z.strictObject({ seconds: z.number().min(0) });
const account = z.strictObject({ balance: z.number().optional(), keys: z.array(z.string()).optional() });

/**
 * - `GET ledger`: all that has happened
 * - `GET settled`: the same, once no work is going on any more
 * - `GET catalogue`: the faults that there are
 * - `GET faults`, `POST faults` (one injection; answers its id), `DELETE faults`
 * - `POST account` (`balance` and `keys`, or one of them)
 * - `POST clock` (`seconds` to go forward)
 * - `POST reset`: no faults, nothing in the ledger, every task and picture forgotten
 */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
  reset: () => void,
): Promise<void> {
  const body = (await readBody(request, []))?.toString() ?? "";
  const action = `${request.method} ${String(request.url).slice(controlPath.length)}`;
  try {
    const result = await perform(action, body, backend, reset);
    answer(result === undefined ? 404 : 200, result ?? { error: `There is no ${action}.` });
  } catch (error) {
    answer(400, { error: error instanceof Error ? error.message : String(error) });
  }

  function answer(status: number, result: unknown): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(result));
  }
}

async function perform(action: string, body: string, backend: Backend, reset: () => void): Promise<unknown> {
  switch (action) {
    case "GET settled":
      await backend.pending.idle();
      return backend.ledger.snapshot();
    case "GET ledger":
      return backend.ledger.snapshot();
    case "GET catalogue":
      return Object.entries(catalogue).map(([name, { about, plays, parameters }]) => ({
        name,
        about,
        plays,
        parameters: Object.keys(parameters.shape),
      }));
    case "GET faults":
      return backend.faults.list();
    case "POST faults":
      return { id: backend.faults.inject(JSON.parse(body) as Injection).id };
    case "DELETE faults":
      backend.faults.clear();
      return {};
    case "POST clock":
      backend.clock.advance(advance.parse(JSON.parse(body)).seconds);
      return {};
    case "POST account": {
      const { balance, keys } = account.parse(JSON.parse(body));
      backend.account.balance = balance ?? backend.account.balance;
      if (keys !== undefined) {
        backend.account.setKeys(keys);
      }
      return {};
    }
    case "POST reset":
      reset();
      return {};
    default:
      return undefined;
  }
}
