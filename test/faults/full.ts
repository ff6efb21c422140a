/** `npm run test:faults`: every fault test in full, at most 20 minutes. */
import { startVitest } from "vitest/node";

process.env["FAULTS"] = "full";
const vitest = await startVitest("test", ["test/faults"], { project: ["unit"], run: true, watch: false });
await vitest?.close();
