import { worker } from "workerpool";
import { decode, encode, inspect, prepareStyle, prepareUpload } from "./platform/imageCodec.ts";
import { type LocalJob, render } from "./providers/local/render.ts";

/** What the image worker does: everything that decodes pixels, away from the extension host's own thread. */
const methods = {
  inspect,
  prepareStyle,
  prepareUpload,
  renderLocal: (job: LocalJob) => render({ inspect, decode, encode }, job),
};

export type ImageWorkerMethods = typeof methods;

worker(methods);
