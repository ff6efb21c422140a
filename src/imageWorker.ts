import path from "node:path";
import { worker } from "workerpool";
import { handOver } from "./platform/handOver.ts";
import { Hands } from "./platform/hands.ts";
import { embedProvenance, readProvenance } from "./platform/metadata/provenance.ts";
import { auditPicture } from "./platform/pictures/audit.ts";
import { checkResult } from "./platform/pictures/check.ts";
import { convert } from "./platform/pictures/convert.ts";
import { inspect } from "./platform/pictures/header.ts";
import { type SourceContent, sameBytes } from "./platform/pictures/keptSources.ts";
import { prepareUploadOnce } from "./platform/pictures/preparedUploads.ts";
import { decode, encode } from "./platform/pictures/raster.ts";
import {
  detailOfSource,
  finishFromSource,
  inspectSource,
  pictureFacts,
} from "./platform/pictures/sources.ts";
import { surveyPicture } from "./platform/pictures/survey.ts";
import { prepareStyle } from "./platform/pictures/upload.ts";
import { type LocalJob, render } from "./providers/local/render.ts";

/** The file that this thread runs: a bundle, or in tests the source itself. The hands' lies beside it. */
const [, own = ""] = process.argv;
/** They start with the first local picture and end with the worker. */
const hands = new Hands(path.join(path.dirname(own), `imageHand${path.extname(own)}`));

/** What the image worker does: everything that takes pictures apart, away from the extension host's own thread. */
const methods = {
  embedProvenance,
  inspect,
  inspectSource,
  detailOfSource,
  pictureFacts,
  prepareStyle,
  prepareUpload: prepareUploadOnce,
  checkResult,
  convert,
  finishResult: finishFromSource,
  readProvenance,
  surveyPicture,
  auditPicture,
  renderLocal: async (source: SourceContent, job: LocalJob) =>
    render({ decode, encode, inspect }, await sameBytes(source), job, hands),
};

export type ImageWorkerMethods = typeof methods;

const handingOver =
  (method: (...args: never[]) => Promise<unknown>) =>
  async (...args: never[]) =>
    handOver(await method(...args));

worker(Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, handingOver(method)])));
