import type { HttpOutcome } from "../../engine/http.ts";
import type { OutputFormat } from "../../engine/ports.ts";
import { waitBefore } from "./backoff.ts";
import { isLoopback } from "./connection.ts";
import type { ApiItem } from "./envelope.ts";
import { completeFormat } from "./pictureBytes.ts";
import { type RunwareParts, usualPatience } from "./ports.ts";
import { type Problem, plainProblem } from "./problem.ts";
import { oneLine } from "./redact.ts";
import { detailsOf } from "./submit.ts";
import type { TaskRun } from "./taskRun.ts";

/** A picture that is complete. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
}

/** Bytes of the largest picture that is taken: results have at most 1.6 megapixels, as PNG about 5 MB. */
const largestPicture = 30_000_000;
const attempts = 6;
/** Characters of a picture that is not taken apart in an instant. */
const long = 1_000_000;
const never = new AbortController().signal;

/**
 * The picture of a result. A download costs nothing and is repeated until it is complete; the picture is never made
 * again.
 *
 * @returns a problem where it cannot be had
 */
export async function pictureOf(run: TaskRun, item: ApiItem): Promise<Picture | Problem> {
  const { imageURL, imageBase64Data, imageDataURI } = item;
  if (imageURL === undefined || imageURL === "") {
    const text = imageBase64Data || imageDataURI || "";
    // Reading a reply of megabytes took its time, and so will this: others have the thread in between. Nothing stops
    // it there, since the picture is in hand.
    await (text.length > long ? run.parts.clock.sleep(0, never) : undefined);
    return fromReply(run.parts, text);
  }
  const picture = await download(run, imageURL);
  if ("bytes" in picture || !isMissing(picture)) {
    return picture;
  }
  const other = await otherAddress(run, item);
  return other === undefined ? picture : await download(run, other);
}

function fromReply({ base64 }: RunwareParts, text: string): Picture | Problem {
  const bytes = base64.decode(text);
  const format = bytes === undefined ? undefined : completeFormat(bytes);
  return bytes === undefined || format === undefined
    ? plainProblem("server", "the picture in the reply is damaged")
    : { bytes, format };
}

/** Another address of the same result, in case the first has expired. */
async function otherAddress(run: TaskRun, { imageUUID, imageURL }: ApiItem): Promise<string | undefined> {
  const details = await detailsOf(run);
  return details?.items.find((item) => item.imageUUID === imageUUID && item.imageURL !== imageURL)?.imageURL;
}

function isMissing({ status }: Problem): boolean {
  return status === 403 || status === 404 || status === 410;
}

async function download(run: TaskRun, address: string): Promise<Picture | Problem> {
  const { endpoint, http, clock, random, patience = usualPatience } = run.parts;
  const refusal = refuseAddress(address, endpoint);
  if (refusal !== undefined) {
    run.log(refusal);
    return plainProblem("server", refusal);
  }
  for (let attempt = 0; ; attempt++) {
    const { replyMs, idleMs } = patience;
    const limits = { signal: run.signal, replyMs, idleMs, maxBytes: largestPicture };
    const started = clock.monotonic();
    const picture = judgeDownload(await http.get(address, limits));
    run.checkStop();
    if ("bytes" in picture) {
      const took = Math.round(clock.monotonic() - started);
      run.parts.log.debug(`Downloaded ${picture.bytes.length} bytes in ${took} ms`);
      return picture;
    }
    run.log(`download ${attempt + 1} of ${attempts} failed: ${picture.message}`);
    if (attempt + 1 >= attempts) {
      return picture;
    }
    await run.sleep(waitBefore(attempt, null, random));
  }
}

function judgeDownload(outcome: HttpOutcome<Uint8Array>): Picture | Problem {
  if (outcome.kind === "failed") {
    return plainProblem("connectionLost", `the picture could not be downloaded: ${outcome.detail}`);
  }
  const { status, body } = outcome;
  if (status !== 200) {
    return plainProblem("server", `the picture's address answers ${status}`, status);
  }
  const format = completeFormat(body);
  return format === undefined
    ? plainProblem("server", "the picture's address serves no complete picture", status)
    : { bytes: body, format };
}

/**
 * Why a result's address must not be fetched: only Runware's own hosts are, over https, or the host that the API
 * itself is at. Nothing in a reply may send us to another machine, least of all one inside this network.
 */
export function refuseAddress(address: string, endpoint: string): string | undefined {
  if (!URL.canParse(address)) {
    return "the picture's address is none";
  }
  const { protocol, host, hostname, port, username, password } = new URL(address);
  const api = new URL(endpoint);
  const isApiHost = host === api.host && protocol === api.protocol;
  const isRunware = protocol === "https:" && port === "" && /^([\w-]+\.)+runware\.ai$/.test(hostname);
  const isSafe = isApiHost ? protocol === "https:" || isLoopback(hostname) : isRunware;
  return isSafe && username === "" && password === ""
    ? undefined
    : `the picture's address is on ${oneLine(`${protocol}//${host}`)}, which is not Runware's`;
}
