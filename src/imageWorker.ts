import { worker } from "workerpool";
import { decode, encode, inspect, prepareStyle, prepareUpload } from "./platform/imageCodec.ts";
import { embedProvenance, readProvenance } from "./platform/metadata/provenance.ts";
import { type LocalJob, render } from "./providers/local/render.ts";

/** What the image worker does: everything that takes pictures apart, away from the extension host's own thread. */
const methods = {
  embedProvenance,
  inspect,
  prepareStyle,
  prepareUpload,
  readProvenance,
  renderLocal: (job: LocalJob) => render({ decode, encode }, job),
};

export type ImageWorkerMethods = typeof methods;

worker(methods);
