import { worker } from "workerpool";
import { handOver } from "./platform/handOver.ts";
import { embedProvenance, readProvenance } from "./platform/metadata/provenance.ts";
import { auditPicture } from "./platform/pictures/audit.ts";
import { checkResult } from "./platform/pictures/check.ts";
import { convert } from "./platform/pictures/convert.ts";
import { detailOf } from "./platform/pictures/detail.ts";
import { finishResult } from "./platform/pictures/finish.ts";
import { inspect } from "./platform/pictures/header.ts";
import { prepareUploadOnce } from "./platform/pictures/preparedUploads.ts";
import { decode, encode } from "./platform/pictures/raster.ts";
import { surveyPicture } from "./platform/pictures/survey.ts";
import { prepareStyle } from "./platform/pictures/upload.ts";
import { type LocalJob, render } from "./providers/local/render.ts";

/** What the image worker does: everything that takes pictures apart, away from the extension host's own thread. */
const methods = {
  embedProvenance,
  inspect,
  detailOf,
  prepareStyle,
  prepareUpload: prepareUploadOnce,
  checkResult,
  convert,
  finishResult,
  readProvenance,
  surveyPicture,
  auditPicture,
  renderLocal: (job: LocalJob) => render({ decode, encode, inspect }, job),
};

export type ImageWorkerMethods = typeof methods;

const handingOver =
  (method: (...args: never[]) => Promise<unknown>) =>
  async (...args: never[]) =>
    handOver(await method(...args));

worker(Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, handingOver(method)])));
