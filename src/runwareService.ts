import { randomUUID } from "node:crypto";
import type { LogOutputChannel, SecretStorage } from "vscode";
import { apiKey, type TestKey } from "./editor/apiKey.ts";
import { serviceSettings, uploadLimits } from "./editor/settings.ts";
import type { UploadMemory } from "./editor/uploadMemory.ts";
import { asFailure, failureOf } from "./engine/failure.ts";
import type { TaskJournal } from "./engine/journal.ts";
import type { Pace } from "./engine/pace.ts";
import type { Provider } from "./engine/ports.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { base64 } from "./platform/base64.ts";
import { clock } from "./platform/clock.ts";
import { fetchHttp } from "./platform/http.ts";
import { readStyleReference } from "./platform/styleReferences.ts";
import type { WorkerThread } from "./platform/workerThread.ts";
import { accountBalance } from "./providers/runware/account.ts";
import { retryBudget } from "./providers/runware/backoff.ts";
import { PollPace } from "./providers/runware/pollPace.ts";
import type { ConnectionParts } from "./providers/runware/ports.ts";
import { runwareProvider } from "./providers/runware/provider.ts";
import { newUploadPlaces } from "./providers/runware/references.ts";

/** What the service needs of the rest of the extension. */
interface ServiceParts {
  readonly secrets: SecretStorage;
  readonly log: LogOutputChannel;
  readonly worker: WorkerThread<ImageWorkerMethods>;
  readonly journal: TaskJournal;
  readonly uploads: UploadMemory;
  readonly pace: Pace;
}

/** The real model, as the user's settings and key reach it at the moment. */
export interface RunwareService {
  /**
   * @returns undefined where there is no key
   * @throws RemixFailure `invalidRecipe` for settings that cannot be used
   */
  provider(): Promise<Provider | undefined>;
  readonly testKey: TestKey;
}

/** Turns what the image worker says of a file into a failure that names it. */
function naming(name: string, signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    signal.throwIfAborted();
    throw failureOf(name, error);
  };
}

export function runwareService({
  secrets,
  log,
  worker,
  journal,
  uploads,
  pace,
}: ServiceParts): RunwareService {
  const retries = retryBudget();
  const uploadPlaces = newUploadPlaces();
  const polls = new PollPace();
  const connection = (endpoint: string, key: () => Promise<string | undefined>): ConnectionParts => ({
    endpoint,
    key,
    http: fetchHttp,
    base64,
    clock,
    log,
    newUUID: randomUUID,
  });

  return {
    async provider() {
      const { endpoint, model, timeoutMinutes } = serviceSettings();
      const limits = uploadLimits();
      const key = () => apiKey(secrets, endpoint);
      if ((await key()) === undefined) {
        return undefined;
      }
      return runwareProvider({
        ...connection(endpoint, key),
        model,
        timeoutMinutes,
        journal,
        uploads: uploads.at(endpoint),
        pace,
        retries,
        uploadPlaces,
        polls,
        random: Math.random,
        prepare: ({ fitting, size, sourceSha256: sha256, source: { path, name } }, signal) =>
          worker
            .call("prepareUpload", [{ file: path, sha256 }, fitting, size, limits], signal)
            .catch(naming(name, signal)),
        prepareStyle: async (reference, { referenceBase }, signal) => {
          const bytes = await readStyleReference(reference, referenceBase);
          const name = `The style reference ${reference}`;
          return worker.call("prepareStyle", [bytes], signal, bytes).catch(naming(name, signal));
        },
      });
    },

    async testKey(endpoint, key) {
      try {
        const { amount } = await accountBalance(
          connection(endpoint, async () => key),
          AbortSignal.timeout(30_000),
        );
        return amount === null
          ? "The service accepts it."
          : `The account's balance is $${amount.toFixed(2)}.`;
      } catch (error) {
        return asFailure(error);
      }
    },
  };
}
